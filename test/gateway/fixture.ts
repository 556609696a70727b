import { join } from "node:path";
import { type ExecuteRequest, type ExecuteResponse, NO_USAGE } from "../../core/contract/execute.ts";
import type { InstalledExtension, Tenant } from "../../core/contract/install.ts";
import {
  createGateway,
  createKeptAnswers,
  type Gateway,
  type GatewayPorts,
} from "../../core/gateway/index.ts";
import { createExecutionLog, type ExecutionLog } from "../../core/logs/index.ts";
import { randomIds } from "../../core/platform/ids.ts";
import type { Caller } from "../../core/policy/index.ts";
import {
  createLiveUsage,
  createQuotaSettings,
  createUsageBook,
  createUsageLedger,
  type QuotaSettings,
  type UsageLedger,
} from "../../core/quota/index.ts";
import { type Database, openDatabase } from "../../core/store/index.ts";
import { install, LIMITS, TENANT, user } from "../policy/facts.ts";
import { tempFolder } from "../support/temp.ts";

export const KEY = "key-of-ada";
export const CLIENT_KEY = "key-of-a-client";
export const READER_KEY = "key-of-a-reader";

type Execute = (request: ExecuteRequest, signal: AbortSignal) => Promise<ExecuteResponse>;

export interface GatewayFixture {
  readonly gateway: Gateway;
  readonly database: Database;
  readonly executions: ExecutionLog;
  readonly ledger: UsageLedger;
  readonly settings: QuotaSettings;
  /** Requests that reached the runner. */
  readonly executed: ExecuteRequest[];
  readonly marked: { version: string; code: string }[];
  /** Executions whose host calls would be answered now. */
  readonly scopes: Map<string, unknown>;
  readonly logged: string[];
  now: Date;
  /** The network: what the runner answers. */
  execute: Execute;
  call(method: string, path: string, init?: RequestInit): Promise<Response>;
}

export function answer(overrides: Partial<ExecuteResponse> = {}): ExecuteResponse {
  return {
    status: 200,
    headers: [{ name: "content-type", value: "application/json" }],
    body_b64: Buffer.from('{"ok":true}').toString("base64"),
    usage: {
      duration_ms: 4,
      memory_bytes: 2 ** 20,
      fuel: 1_234,
      egress_bytes: 10,
      host_calls: 2,
      log_lines: 1,
    },
    ...overrides,
  };
}

export function failure(error: NonNullable<ExecuteResponse["error"]>): ExecuteResponse {
  return { status: 502, headers: [], error, usage: { ...NO_USAGE, fuel: 99 } };
}

export function createFixture(
  options: {
    install?: Partial<InstalledExtension>;
    tenant?: Partial<Tenant>;
    ports?: Partial<GatewayPorts>;
  } = {},
): GatewayFixture {
  const database = openDatabase(join(tempFolder(), "workbench.sqlite"));
  const tenant = { ...TENANT, ...options.tenant };
  const installed = install(options.install);
  const people: Record<string, Caller> = {
    [KEY]: { tenant, user: user() },
    [READER_KEY]: { tenant, user: user({ roles: ["read"] }) },
    [CLIENT_KEY]: { tenant, user: user({ user_type: "client", client_id: "c1" }) },
  };
  const clock = { now: () => fixture.now };
  const executions = createExecutionLog({ database, clock });
  const ledger = createUsageLedger({ database });
  const settings = createQuotaSettings({ database, clock, defaults: LIMITS });
  const names = [installed.install_id, installed.registry_id, installed.extension_name];
  const log = (fields: Record<string, unknown>, message: string) => {
    fixture.logged.push(`${message} ${JSON.stringify(fields)}`);
  };
  const gateway = createGateway({
    callers: { byApiKey: (key) => (Object.hasOwn(people, key) ? people[key] : undefined) },
    installs: {
      resolve: (tenantId, ref) => (tenantId === tenant.id && names.includes(ref) ? installed : undefined),
    },
    runner: {
      execute: (request, signal) => {
        fixture.executed.push(request);
        return fixture.execute(request, signal);
      },
    },
    executions,
    keptAnswers: createKeptAnswers({ database, clock }),
    secrets: {
      envelopeFor: () => ({
        algorithm: "aes-256-gcm",
        iv_b64: "",
        ciphertext_b64: "",
        tag_b64: "",
        expires_at: "",
      }),
    },
    scopes: {
      register: (id, scope) => void fixture.scopes.set(id, scope),
      release: (id) => void fixture.scopes.delete(id),
    },
    versions: { markInvalid: (of, code) => void fixture.marked.push({ version: of.version_id, code }) },
    usage: createUsageBook(createLiveUsage({ clock }), ledger),
    redact: (_, text) => text,
    clock,
    ids: randomIds,
    logger: { debug: log, info: log, warn: log, error: log },
    limits: settings.limitsFor,
    ticks: () => fixture.now.getTime(),
    ...options.ports,
  });
  const fixture: GatewayFixture = {
    gateway,
    database,
    executions,
    ledger,
    settings,
    executed: [],
    marked: [],
    scopes: new Map(),
    logged: [],
    now: new Date("2026-03-01T12:00:10.000Z"),
    execute: async () => answer(),
    call: async (method, path, init = {}) =>
      gateway.app.request(`http://localhost${path}`, {
        method,
        ...init,
        headers: { authorization: `Bearer ${KEY}`, ...init.headers },
      }),
  };
  return fixture;
}

export async function errorOf(
  response: Response,
): Promise<{ status: number; code: string; message: string }> {
  const body = (await response.json()) as { error: { code: string; message: string } };
  return { status: response.status, ...body.error };
}
