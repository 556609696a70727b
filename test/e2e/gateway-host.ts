import { packArchive } from "../../core/bundle/index.ts";
import type { ContentHash } from "../../core/contract/content-hash.ts";
import type { LimitOverrides } from "../../core/contract/limit-overrides.ts";
import { startHost } from "../../core/host-process.ts";
import { readEnvironment } from "../../core/platform/environment.ts";
import type { Workbench } from "../../core/workbench.ts";
import { EXTENSION } from "../runner/support/extension-source.ts";
import { buildTestComponent } from "../support/components.ts";
import { openRpcSocket } from "../support/rpc-socket.ts";

export const NAME = "com.acme.limits";
const CAPABILITIES = ["cap:secrets.get", "cap:http.fetch", "cap:storage.kv"];

export interface Reply {
  readonly status: number;
  readonly code: string | undefined;
  readonly body: unknown;
  readonly requestId: string;
}

export interface Party {
  readonly id: string;
  readonly key: string;
}

/** Publishes versions of the extension of these suites, signed by a key of their own that all tenants trust. */
export async function createPublisher(workbench: Workbench) {
  const { keystore, trust, registry } = workbench;
  const signingKey = await keystore.generate({ algorithm: "ecdsa-p256", subject: "CN=Limits" });
  trust.add({ pem: keystore.exportCertificate(signingKey.id), tenants: null });
  await workbench.trustChanged();
  const component = await buildTestComponent({ source: EXTENSION, engine: "quickjs" });
  let version = 0;

  async function pack(): Promise<Uint8Array> {
    version += 1;
    const manifest = {
      name: NAME,
      version: `1.0.${version}`,
      runtime: "wasm-js@1",
      capabilities: CAPABILITIES,
      ui: { type: "iframe", entry: "ui/index.html" },
    };
    return packArchive([
      { path: "manifest.json", bytes: Buffer.from(JSON.stringify(manifest)) },
      { path: "dist/main.wasm", bytes: component },
      { path: "ui/index.html", bytes: Buffer.from(`<!doctype html><title>Version ${version}</title>`) },
    ]);
  }

  return {
    signingKey,
    /** The next version, signed by the key unless another or `none` is named. */
    async publish(keyId: string = signingKey.id, tenantId = workbench.tenantId(undefined)) {
      const archive = await pack();
      const signature = keyId === "none" ? undefined : (await workbench.sign(archive, keyId)).signature;
      return registry.publish({ archive, signature, tenantId });
    },
  };
}

/** A host as `serve` runs it, with one extension that is published, signed by a key that all tenants trust. */
export async function openGatewayHost(home: string) {
  const host = await startHost({
    environment: readEnvironment({ WORKBENCH_LOG_LEVEL: "silent" }, process.platform, { home }),
  });
  const { workbench } = host;
  const { registry, tenants } = workbench;
  const ours = workbench.tenantId(undefined);
  const theirs = tenants.create({ name: "Other tenant" }).id;
  const { publish } = await createPublisher(workbench);
  const party = (id: string): Party => ({ id, key: tenants.apiKeyOf(id) });

  async function call(path: string, body?: string, caller: Party = party(ours)): Promise<Reply> {
    const response = await fetch(`${host.url}/api/ext/${NAME}${path}`, {
      headers: { "x-api-key": caller.key },
      ...(body === undefined ? {} : { method: "POST", body }),
    });
    const text = await response.text();
    const json: unknown = text.startsWith("{") ? JSON.parse(text) : text;
    const requestId = response.headers.get("x-request-id") ?? "";
    return { status: response.status, code: codeOf(json), body: json, requestId };
  }

  return {
    host,
    workbench,
    ours: party(ours),
    theirs: party(theirs),
    publish,
    call,
    /** The path of the stored archive. */
    objectPath: (hash: ContentHash) =>
      `${workbench.paths.objects}/sha256/${hash.slice("sha256:".length)}/bundle.tar.zst`,
    configure: (limits: LimitOverrides) => registry.configure({ ref: NAME, tenantId: ours, limits }),
    async hostState(): Promise<unknown> {
      const page = openRpcSocket(host.url, host.token);
      const response = await page.rpc("state");
      await page.close();
      return response.json();
    },
    execution: (requestId: string) => workbench.executions.find(requestId),
    async asset(extensionId: string, hash: ContentHash): Promise<Reply> {
      const response = await fetch(`${host.ready.runner_url}/ext-ui/${extensionId}/${hash}/index.html`);
      const text = await response.text();
      const json: unknown = text.startsWith("{") ? JSON.parse(text) : text;
      return { status: response.status, code: codeOf(json), body: json, requestId: "" };
    },
  };
}

export type GatewayHost = Awaited<ReturnType<typeof openGatewayHost>>;
function codeOf(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null || !("error" in body)) return undefined;
  const { error } = body;
  return typeof error === "object" && error !== null && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;
}
