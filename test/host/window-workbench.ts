import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { packArchive } from "../../core/bundle/index.ts";
import { RPC_PROCEDURES, type RpcInput, type RpcOutput, type RpcProcedure } from "../../core/contract/rpc.ts";
import { readEnvironment } from "../../core/platform/environment.ts";
import { createLogger } from "../../core/platform/logger.ts";
import { createWindowAutomation } from "../../core/window/automation.ts";
import { createWindowFixtures } from "../../core/window/fixtures.ts";
import { createKeysAndRegistryPorts } from "../../core/window/keys-and-registry.ts";
import { openWorkbench, type Workbench } from "../../core/workbench.ts";
import { tempFolder } from "../support/temp.ts";
import { createHostFixture } from "./fixture.ts";

export interface WindowWorkbench {
  readonly workbench: Workbench;
  readonly tenantId: string;
  /** The answer as the contract has it; a refusal rejects with its code. */
  call<Name extends RpcProcedure>(name: Name, input: RpcInput<Name>): Promise<RpcOutput<Name>>;
  /** Code and message of the refusal. */
  refusal<Name extends RpcProcedure>(
    name: Name,
    input: RpcInput<Name>,
  ): Promise<{ code: string; text: string }>;
  /** Sends a bundle in parts, as the window does; answers its upload id. */
  upload(bytes: Uint8Array, partBytes?: number): Promise<string>;
}

/** A real workbench over a home of its own, asked through the host's RPC. The runner is not started. */
export async function openWindowWorkbench(): Promise<WindowWorkbench> {
  const home = join(tempFolder(), "home");
  const workbench = await openWorkbench({
    environment: readEnvironment({}, process.platform, { home }),
    logger: createLogger("silent"),
  });
  onTestFinished(() => workbench.dispose());
  const { rpc } = createHostFixture({
    ...createKeysAndRegistryPorts(workbench),
    registry: workbench.registry,
    automation: createWindowAutomation(workbench),
    fixtures: createWindowFixtures(workbench),
  });
  const call: WindowWorkbench["call"] = async (name, input) => {
    const response = await rpc(name, input);
    const body = await response.json();
    if (response.status !== 200) throw new Error(JSON.stringify(body));
    // The schema was picked by the name, so its output is the name's.
    return RPC_PROCEDURES[name].output.parse(body) as RpcOutput<typeof name>;
  };
  return {
    workbench,
    tenantId: workbench.tenantId(undefined),
    call,
    async refusal(name, input) {
      const text = await (await rpc(name, input)).text();
      return { code: JSON.parse(text).error?.code, text };
    },
    async upload(bytes, partBytes = 1024) {
      let id: string | undefined;
      for (let offset = 0; offset < bytes.byteLength; offset += partBytes) {
        const part = Buffer.from(bytes.subarray(offset, offset + partBytes)).toString("base64");
        const input = { size: bytes.byteLength, offset, part_b64: part };
        const answer = await call("bundles.upload", { ...input, ...(id ? { upload_id: id } : {}) });
        id = answer.upload_id;
      }
      return id ?? "";
    },
  };
}

/** A UI-only bundle, so that no toolchain is needed. */
export function uiBundle(overrides: Record<string, unknown> = {}): Promise<Uint8Array> {
  const manifest = {
    name: "com.acme.board",
    version: "1.0.0",
    runtime: "wasm-js@1",
    capabilities: ["cap:http.fetch", "cap:secrets.get"],
    ui: { type: "iframe", entry: "ui/index.html" },
    ...overrides,
  };
  const sbom = {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    components: [{ type: "library", name: "left-pad", version: "1.3.0" }],
  };
  return packArchive([
    { path: "manifest.json", bytes: Buffer.from(JSON.stringify(manifest)) },
    { path: "sbom.cdx.json", bytes: Buffer.from(JSON.stringify(sbom)) },
    { path: "ui/index.html", bytes: Buffer.from(`<!doctype html><title>${randomUUID()}</title>`) },
  ]);
}
