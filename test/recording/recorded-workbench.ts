import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { packArchive } from "../../core/bundle/index.ts";
import type { GatewayResult } from "../../core/gateway/index.ts";
import { readEnvironment } from "../../core/platform/environment.ts";
import { createLogger } from "../../core/platform/logger.ts";
import { ensureDevelopmentKey } from "../../core/wiring/development-key.ts";
import { openWorkbench, type Workbench } from "../../core/workbench.ts";
import { buildTestComponent } from "../support/components.ts";
import { extensionSource } from "./extension.ts";

export const NAME = "com.acme.recorded";
export const SECRET = "s3cr3t/value+of~tests";

/** A workbench with a runner, an extension in two versions, and a server for it to call. Closed by whoever opened it. */
export async function openRecordedWorkbench(home: string) {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    if (request.url === "/never") return;
    response.end(
      request.url === "/echo-secret" ? `you sent ${request.headers["x-key"]}` : `order ${seen.length}`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // it listens on a port, so this is no pipe
  const workbench = await openWorkbench({
    environment: readEnvironment({}, process.platform, { home }),
    logger: createLogger("silent"),
  });
  const tenantId = workbench.tenantId(undefined);
  const key = await ensureDevelopmentKey({ ...workbench, tenantId, now: new Date() });
  for (const [version, variant] of [
    ["1.0.0", "first"],
    ["1.1.0", "second"],
  ] as const) {
    await publish(workbench, key.id, tenantId, version, extensionSource(variant));
  }
  await workbench.registry.install({
    ref: NAME,
    tenantId,
    version: "1.0.0",
    grants: "requested",
    secrets: { api_key: SECRET },
    limits: { timeout_ms: 4_000 },
    egress: [`localhost:${port}`],
  });
  await workbench.runner.start();
  return {
    workbench,
    tenantId,
    /** What the server was asked. */
    seen,
    database: join(home, "workbench.sqlite"),
    call: (path: string, body = "", tenant = tenantId): Promise<GatewayResult> =>
      workbench.call({
        tenantId: tenant,
        ref: NAME,
        method: "POST",
        path: `${path}?port=${port}`,
        headers: [],
        body: Buffer.from(body),
      }),
    async close() {
      await workbench.dispose();
      server.closeAllConnections();
      server.close();
    },
  };
}

async function publish(
  workbench: Workbench,
  keyId: string,
  tenantId: string,
  version: string,
  source: string,
): Promise<void> {
  const manifest = {
    name: NAME,
    version,
    runtime: "wasm-js@1",
    capabilities: ["cap:secrets.get", "cap:http.fetch", "cap:storage.kv"],
  };
  const archive = await packArchive([
    { path: "manifest.json", bytes: Buffer.from(JSON.stringify(manifest)) },
    {
      path: "dist/main.wasm",
      bytes: await buildTestComponent({ source, engine: "quickjs", stubWasi: false }),
    },
  ]);
  const { signature } = await workbench.sign(archive, keyId);
  await workbench.registry.publish({ archive, signature, tenantId });
}
