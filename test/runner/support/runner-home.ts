import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { packArchive } from "../../../core/bundle/archive-writer.ts";
import type { ContentHash } from "../../../core/contract/content-hash.ts";
import type { ExecuteRequest, User } from "../../../core/contract/execute.ts";
import { fixtureDocumentSchema } from "../../../core/contract/fixtures.ts";
import type { Tenant } from "../../../core/contract/install.ts";
import type { LogEvent } from "../../../core/contract/log-event.ts";
import type { RunnerConfiguration } from "../../../core/contract/runner-protocol.ts";
import type { TrustSnapshot } from "../../../core/contract/trust.ts";
import { systemClock } from "../../../core/platform/clock.ts";
import { createFileKeyBox } from "../../../core/platform/file-key-box.ts";
import { randomIds } from "../../../core/platform/ids.ts";
import {
  createHostBroker,
  createRunnerSupervisor,
  type HostBroker,
  type RunnerClient,
  type Supervisor,
} from "../../../core/runner/index.ts";
import { createKeystore, signArchive, trustSnapshotFromPem } from "../../../core/signing/index.ts";
import { createFileObjectStore, type ObjectStore, openDatabase } from "../../../core/store/index.ts";
import { createHostApi } from "../../../core/wiring/host-api.ts";
import { insertInstall } from "./install-row.ts";
import { schedulesOver } from "./schedules.ts";

export const SERVICE_TOKEN = "service-token-of-tests";
export const TENANT = "tenant-a";
export const INSTALL = "install-a";

export interface RunnerHome {
  readonly folder: string;
  readonly objectsDir: string;
  readonly preparedDir: string;
  readonly objects: ObjectStore;
  readonly supervisor: Supervisor;
  readonly broker: HostBroker;
  readonly client: RunnerClient;
  /** Trust in the key that signs what `publish` makes. */
  readonly trust: TrustSnapshot;
  /** Every line that extensions wrote, in the order of arrival. */
  readonly lines: LogEvent[];
  /** What the runner process printed: nothing, when all is well. */
  readonly output: string[];
  /** Whom `ui.resolve` answers with, by extension id. */
  readonly uiTenants: Map<string, string[]>;
  publish(files: Record<string, Uint8Array | string>, options?: { signed?: boolean }): Promise<ContentHash>;
  request(contentHash: ContentHash, change?: RequestChange): ExecuteRequest;
  call(contentHash: ContentHash, change?: RequestChange): Promise<Called>;
  configuration(change?: Partial<RunnerConfiguration>): RunnerConfiguration;
  close(): Promise<void>;
}

export interface RequestChange {
  readonly context?: Partial<ExecuteRequest["context"]>;
  readonly http?: Partial<ExecuteRequest["http"]>;
  readonly limits?: Partial<ExecuteRequest["limits"]>;
  readonly rest?: Partial<ExecuteRequest>;
}

export interface Called {
  readonly status: number;
  /** Parsed when it is JSON. */
  readonly body: unknown;
  readonly headers: readonly { name: string; value: string }[];
  readonly error: { code: string; message: string; verification_code?: string | undefined } | undefined;
  readonly usage: {
    fuel: number;
    memory_bytes: number;
    duration_ms: number;
    egress_bytes: number;
    host_calls: number;
    log_lines: number;
  };
  /** Lines of this call. */
  readonly lines: readonly LogEvent[];
}

/** A real runner process over a real store, database and key, as a host would run it. */
export async function openRunnerHome(
  change: Partial<RunnerConfiguration> = {},
  fixtures: unknown = {},
): Promise<RunnerHome> {
  const folder = mkdtempSync(join(tmpdir(), "workbench-runner-"));
  const objectsDir = join(folder, "objects");
  const preparedDir = join(folder, "prepared");
  mkdirSync(objectsDir);
  const objects = createFileObjectStore(objectsDir);
  const database = openDatabase(join(folder, "workbench.sqlite"));
  insertInstall(database, INSTALL, TENANT);
  insertInstall(database, "install-b", "tenant-b");
  const keystore = createKeystore({
    database,
    box: createFileKeyBox(join(folder, "box.key")),
    clock: systemClock,
    ids: randomIds,
  });
  const key = await keystore.generate({ algorithm: "ecdsa-p256", subject: "CN=Runner tests" });
  const trust = trustSnapshotFromPem(keystore.exportCertificate(key.id));
  const lines: LogEvent[] = [];
  const output: string[] = [];
  const uiTenants = new Map<string, string[]>();
  const broker = createHostBroker({
    answers: createHostApi({
      database,
      clock: systemClock,
      ids: randomIds,
      fixtures: { get: () => fixtureDocumentSchema.parse(fixtures) },
      redact: (_install, text) => text,
      schedules: schedulesOver(database),
      callExtension: () => Promise.reject(new Error("no gateway here")),
    }).answers,
    ui: { tenantsWith: (extensionId) => uiTenants.get(extensionId) ?? [] },
  });
  const configuration = (more: Partial<RunnerConfiguration> = {}): RunnerConfiguration => ({
    revision: 1,
    trust,
    unsignedTenants: [],
    egressAllowlist: [],
    hostOrigins: ["http://127.0.0.1:4000"],
    isolation: "restore",
    maximums: {
      timeout_ms: 30_000,
      memory_mb: 512,
      fuel: 1_000_000_000_000,
      response_body_bytes: 10 * 1024 * 1024,
      workers: 4,
      queue: 64,
    },
    ...change,
    ...more,
  });
  const note = (_fields: Record<string, unknown>, message: string) =>
    void output.push(`${message} ${JSON.stringify(_fields)}`);
  const supervisor = createRunnerSupervisor({
    objectsDir,
    prepared: { folder: preparedDir, key: new Uint8Array(32) },
    broker,
    logger: { debug: note, info: note, warn: note, error: note },
    serviceToken: SERVICE_TOKEN,
    config: () => configuration(),
    onLog: (events) => void lines.push(...events),
  });
  await supervisor.start();

  let calls = 0;
  const request = (contentHash: ContentHash, more: RequestChange = {}): ExecuteRequest => {
    const id = `call-${++calls}`;
    return {
      context: {
        request_id: id,
        execution_id: id,
        tenant_id: TENANT,
        extension_id: "registry",
        install_id: INSTALL,
        version_id: "version",
        content_hash: contentHash,
        config: {},
        ...more.context,
      },
      http: { method: "GET", path: "/", query: "", headers: [], ...more.http },
      limits: { timeout_ms: 20_000, memory_mb: 256, fuel: 100_000_000_000, ...more.limits },
      providers: [],
      ...more.rest,
    };
  };

  return {
    folder,
    objectsDir,
    preparedDir,
    objects,
    supervisor,
    broker,
    client: supervisor,
    trust,
    lines,
    output,
    uiTenants,
    configuration,
    request,
    async publish(files, { signed = true } = {}) {
      const packed = Object.entries(files).map(([path, content]) => ({
        path,
        bytes: typeof content === "string" ? new TextEncoder().encode(content) : content,
      }));
      const archive = await packArchive(packed);
      const hash = await objects.putArchive(archive);
      if (signed) {
        const signature = await signArchive({
          archive,
          signer: keystore.signer(key.id),
          signingTime: new Date(),
        });
        await objects.putSignature(hash, signature);
      }
      return hash;
    },
    async call(contentHash, more) {
      const sent = request(contentHash, more);
      const { execution_id = "", tenant_id, install_id } = sent.context;
      broker.register(execution_id, {
        tenant_id,
        install_id,
        registry_id: "registry",
        request_id: sent.context.request_id,
        depth: 0,
        caller: { tenant: tenantNamed(tenant_id), user: sent.user ?? nobody(tenant_id) },
      });
      try {
        const { status, headers, body_b64, error, usage } = await supervisor.execute(sent);
        const text = body_b64 === undefined ? undefined : Buffer.from(body_b64, "base64").toString();
        const own = () => lines.filter((line) => line.request_id === sent.context.request_id);
        // They were sent before the answer, by another way.
        while (own().length < usage.log_lines) await setImmediate();
        return { status, headers, body: jsonOr(text), error, usage, lines: own() };
      } finally {
        broker.release(execution_id);
      }
    },
    async close() {
      await supervisor.stop();
      database.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

function tenantNamed(id: string): Tenant {
  return { id, name: id, is_development: true, unsigned_policy: "refuse", limits: {} };
}

function nobody(tenant_id: string): User {
  return {
    tenant_id,
    user_id: "user",
    user_email: "user@example.com",
    user_name: "User",
    user_type: "internal",
    client_name: tenant_id,
    roles: ["read", "write"],
  };
}

function jsonOr(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The least manifest that a bundle needs; a runner reads only its `ui`. */
export function manifest(ui?: { entry: string }): string {
  return JSON.stringify({
    name: "com.acme.hello",
    version: "1.0.0",
    runtime: "wasm-js@1",
    ...(ui === undefined ? {} : { ui: { type: "iframe", ...ui } }),
  });
}
