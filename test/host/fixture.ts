import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { User } from "../../core/contract/execute.ts";
import type { LogEvent } from "../../core/contract/log-event.ts";
import type { HostState } from "../../core/contract/rpc.ts";
import { createHostServer, type HostPorts, type HostServer } from "../../core/host/index.ts";
import { createLiveStream, createLogBook, type LogBook } from "../../core/logs/index.ts";
import { randomIds } from "../../core/platform/ids.ts";
import { CLIENT_KEY, createFixture, type GatewayFixture, KEY, READER_KEY } from "../gateway/fixture.ts";
import { install, TENANT, user } from "../policy/facts.ts";
import { openRpcSocket, type RpcSocket } from "../support/rpc-socket.ts";
import { tempFolder } from "../support/temp.ts";
import { unserved } from "./unserved.ts";

export { CLIENT_KEY, KEY, READER_KEY };
export const TOKEN = "token-of-the-host-0123456789";

export const STATE: HostState = {
  version: "0.1.0",
  tenant: { id: "tenant-1", name: "Tenant One", is_development: true, unsigned_policy: "refuse" },
  tenants: [],
  personas: [],
  runner: { state: "ready" },
  gateway_url: "http://127.0.0.1:1",
  warnings: [],
};

export interface HostFixture extends GatewayFixture {
  readonly host: HostServer;
  readonly book: LogBook;
  readonly staging: string;
  readonly published: { archive: Uint8Array; signature?: string | undefined; tenantId: string }[];
  readonly installed: unknown[];
  readonly updated: unknown[];
  readonly removed: unknown[];
  /** Without a socket; authorised by the host's token unless told otherwise. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** Over a real WebSocket, which is opened with the first call. */
  rpc: RpcSocket["rpc"];
  follow: RpcSocket["follow"];
}

export function createHostFixture(overrides: Partial<HostPorts> = {}): HostFixture {
  const gateway = createFixture();
  const folder = tempFolder();
  const rendererDir = join(folder, "renderer");
  const staging = join(folder, "staging");
  mkdirSync(join(rendererDir, "assets"), { recursive: true });
  writeFileSync(join(rendererDir, "index.html"), "<!doctype html><title>page</title>");
  writeFileSync(join(rendererDir, "assets", "main-1a2b.js"), "export {};");
  writeFileSync(join(folder, "secret.txt"), "outside");

  const book = createLogBook({ database: gateway.database });
  const installs = [install()];
  const published: HostFixture["published"] = [];
  const installed: unknown[] = [];
  const updated: unknown[] = [];
  const removed: unknown[] = [];
  const log = () => {};
  const people: Record<string, User> = {
    [KEY]: user(),
    [READER_KEY]: user({ roles: ["read"] }),
    [CLIENT_KEY]: user({ user_type: "client" }),
  };
  const host = createHostServer({
    gateway: gateway.gateway,
    callers: {
      byApiKey: (key) => {
        const person = Object.hasOwn(people, key) ? people[key] : undefined;
        return person === undefined ? undefined : { tenant: TENANT, user: person };
      },
      persona: ({ tenant_id = TENANT.id, persona_id = "p1" }) =>
        tenant_id === TENANT.id && persona_id === "p1" ? { tenant: TENANT, user: user() } : undefined,
    },
    tenants: { get: (id) => (id === TENANT.id ? TENANT : undefined) },
    registry: {
      listExtensions: () => [],
      listInstalls: (tenantId) =>
        installs.filter((each) => tenantId === undefined || each.tenant_id === tenantId),
      resolveInstall: (tenantId, ref) =>
        installs.find(
          (each) => each.tenant_id === tenantId && [each.install_id, each.extension_name].includes(ref),
        ),
      publish: async (request) => {
        published.push(request);
        return { registry_id: "registry-1", version_id: "version-1", content_hash: hashOf(request.archive) };
      },
      install: async (request) => {
        installed.push(request);
        return {
          install_id: "install-1",
          registry_id: "registry-1",
          version_id: "version-1",
          version: "1.0.0",
        };
      },
      update: async (request) => {
        updated.push(request);
        return {
          install_id: "install-1",
          registry_id: "registry-1",
          version_id: "version-2",
          version: "1.0.1",
        };
      },
      uninstall: (request) => {
        removed.push(request);
        return { install_id: "install-1", registry_id: "registry-1" };
      },
    },
    bundles: { manifestText: async (archive) => new TextDecoder().decode(archive) },
    executions: gateway.executions,
    logs: book,
    live: createLiveStream({ logs: book, executions: gateway.executions }),
    state: () => STATE,
    localUploadSigner: () => undefined,
    recordings: unserved("recordings"),
    reproductions: unserved("reproductions"),
    metrics: { contentType: "text/plain", expose: async () => "", subscribed: () => () => {} },
    runner: unserved("runner"),
    project: unserved("project"),
    loop: unserved("loop"),
    previews: unserved("previews"),
    records: unserved("records"),
    policy: unserved("policy"),
    quotas: unserved("quotas"),
    fixtures: unserved("fixtures"),
    automation: unserved("automation"),
    elsewhere: { subscribe: () => () => {} },
    settings: unserved("settings"),
    keysAndTrust: unserved("keysAndTrust"),
    windowRegistry: unserved("windowRegistry"),
    ...overrides,
    token: TOKEN,
    rendererDir,
    stagingDir: staging,
    frameSources: () => ["http://*.localhost:4040"],
    clock: { now: () => gateway.now },
    ids: randomIds,
    logger: { debug: log, info: log, warn: log, error: (_, message) => gateway.logged.push(message) },
  });
  // Once it listens, the host goes by its port.
  let origin = "http://localhost";
  let connecting: Promise<RpcSocket> | undefined;
  const connected = (): Promise<RpcSocket> => {
    connecting ??= host.listen(0).then(({ url }) => {
      origin = url;
      return openRpcSocket(url, TOKEN);
    });
    return connecting;
  };
  onTestFinished(async () => {
    await (await connecting)?.close();
    await host.close();
  });
  const ask: HostFixture["ask"] = async (path, init = {}) =>
    host.app.request(`${origin}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${TOKEN}`, ...init.headers },
    });
  return {
    ...gateway,
    // The gateway's mutable fields must stay the gateway's own.
    get now() {
      return gateway.now;
    },
    set now(now) {
      gateway.now = now;
    },
    get execute() {
      return gateway.execute;
    },
    set execute(execute) {
      gateway.execute = execute;
    },
    host,
    book,
    staging,
    published,
    installed,
    updated,
    removed,
    ask,
    rpc: async (name, input) => (await connected()).rpc(name, input),
    async *follow(name, input, lastEventId) {
      yield* (await connected()).follow(name, input, lastEventId);
    },
  };
}

export function hashOf(bytes: Uint8Array): `sha256:${string}` {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

export function line(message: string, overrides: Partial<LogEvent> = {}): LogEvent {
  return {
    ts: "2026-03-01T12:00:00.000Z",
    level: "info",
    stream: "log",
    tenant_id: TENANT.id,
    extension_id: "registry-1",
    install_id: "install-1",
    request_id: "q1",
    version_id: "version-1",
    content_hash: "sha256:0",
    message,
    truncated: false,
    ...overrides,
  };
}

/** Events of an open stream, one after the other. */
export async function* eventsOf(
  response: Response,
): AsyncGenerator<{ id: string; event?: string; data: unknown }> {
  const text = response.body?.pipeThrough(new TextDecoderStream());
  let buffer = "";
  for await (const chunk of text ?? []) {
    buffer += chunk;
    for (let end = buffer.indexOf("\n\n"); end !== -1; end = buffer.indexOf("\n\n")) {
      const [, id = "", event, data = ""] =
        /^(?:id: (.*)\n)?(?:event: (.*)\n)?data: (.*)$/.exec(buffer.slice(0, end)) ?? [];
      buffer = buffer.slice(end + 2);
      if (data !== "") yield { id, ...(event === undefined ? {} : { event }), data: JSON.parse(data) };
    }
  }
}
