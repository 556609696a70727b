import { packArchive } from "../../core/bundle/index.ts";
import { type RunningHost, startHost } from "../../core/host-process.ts";
import { type Environment, readEnvironment } from "../../core/platform/environment.ts";
import { buildTestComponent } from "../support/components.ts";

export const EXTENSION_NAME = "com.acme.page-test";

/** Answers JSON, logs what it was asked, and says what a page must show as text and never run. */
const SOURCE = `
import { logInfo, logWarn } from "alga:extension/logging";
const bytes = (text) => Uint8Array.from(text, (c) => c.charCodeAt(0));
export function handler({ http }) {
  logInfo(http.method + " " + http.url);
  if (http.url === "/hostile") logWarn("<img src=x onerror=alert(1)>");
  if (http.url === "/slow") for (;;);
  const body = http.url === "/hostile" ? "<script>alert(1)</script>" : JSON.stringify({ url: http.url, answer: 42 });
  return { status: 200, headers: [{ name: "content-type", value: "application/json" }], body: bytes(body) };
}
`;

const MANIFEST = {
  name: EXTENSION_NAME,
  display_name: "Page test",
  version: "1.0.0",
  runtime: "wasm-js@1",
  capabilities: ["cap:log.emit"],
  api: {
    endpoints: ["/items", "/items/:id", "/hostile", "/slow"].map((path) => ({
      method: "GET",
      path,
      handler: "dist/main.wasm",
    })),
  },
};

/** A host like that of `workbench serve`, over a home of its own. */
export function startPageHost(home: string, port = 0): Promise<RunningHost> {
  const environment: Environment = readEnvironment({}, process.platform, { home, port });
  return startHost({ environment });
}

/** Packs, signs with the host's development key, publishes and installs the extension of this suite. */
export async function installExtension(host: RunningHost): Promise<void> {
  const { workbench, developmentKey } = host;
  const archive = await packArchive([
    { path: "manifest.json", bytes: Buffer.from(JSON.stringify(MANIFEST)) },
    { path: "dist/main.wasm", bytes: await buildTestComponent({ source: SOURCE, engine: "quickjs" }) },
  ]);
  const tenantId = workbench.tenantId(undefined);
  const { signature } = await workbench.sign(archive, developmentKey.id);
  const { registry_id, version } = await workbench.registry.publish({ archive, signature, tenantId });
  await workbench.registry.install({ ref: registry_id, tenantId, version });
}
