import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ContentHash } from "../../core/contract/content-hash.ts";
import { buildTestComponent } from "../support/components.ts";
import { EXTENSION } from "./support/extension-source.ts";
import { manifest, openRunnerHome, type RunnerHome } from "./support/runner-home.ts";

let home: RunnerHome;
let component: Uint8Array;
let revision = 1;

beforeAll(async () => {
  [home, component] = await Promise.all([
    openRunnerHome(),
    buildTestComponent({ source: EXTENSION, engine: "quickjs" }),
  ]);
});
afterAll(() => home.close());

const publish = (version: string, signed = true) =>
  home.publish(
    { "manifest.json": manifest(), "dist/main.wasm": component, "ui/version": version },
    { signed },
  );
const outcome = async (hash: ContentHash, tenant = "tenant-a") =>
  (await home.call(hash, { http: { path: "/count" }, context: { tenant_id: tenant } })).error;
const configure = (change: Parameters<RunnerHome["configuration"]>[0]) =>
  home.supervisor.configure(home.configuration({ ...change, revision: ++revision }));
const file = (hash: ContentHash, name: string) =>
  join(home.objectsDir, "sha256", hash.slice("sha256:".length), name);

describe("a bundle on its way into the runner", () => {
  it("is refused when its bytes were changed, also after it has run", async () => {
    const hash = await publish("tampered");
    expect(await outcome(hash)).toBeUndefined();
    const archive = readFileSync(file(hash, "bundle.tar.zst"));
    const changed = Buffer.from(archive);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    writeFileSync(file(hash, "bundle.tar.zst"), changed);
    expect(await outcome(hash)).toMatchObject({
      code: "signature_invalid",
      verification_code: "digest_mismatch",
    });
    writeFileSync(file(hash, "bundle.tar.zst"), archive);
    expect(await outcome(hash)).toBeUndefined();
  });

  it("is refused when its signature is another bundle's, garbage or gone", async () => {
    const [hash, other] = [await publish("signature"), await publish("other")];
    const own = readFileSync(file(hash, "SIGNATURE"));
    const codes: unknown[] = [];
    for (const signature of [readFileSync(file(other, "SIGNATURE")), "garbage", "", own]) {
      writeFileSync(file(hash, "SIGNATURE"), signature);
      codes.push((await outcome(hash))?.verification_code);
    }
    expect(codes).toEqual(["digest_mismatch", "signature_malformed", "signature_missing", undefined]);
  });

  it("is unavailable when it is not in the store, or no hash at all", async () => {
    expect(await outcome(`sha256:${"0".repeat(64)}`)).toMatchObject({ code: "bundle_unavailable" });
    const sent = home.request(await publish("path"));
    const hostile = { ...sent, context: { ...sent.context, content_hash: "sha256:../../../etc" } };
    await expect(home.client.execute(hostile)).rejects.toMatchObject({ code: "runner_protocol" });
  });

  it("is judged by the trust that was configured last", async () => {
    const hash = await publish("trust");
    expect(await outcome(hash)).toBeUndefined();
    await configure({ trust: { anchors: [], revocations: [] } });
    expect(await outcome(hash)).toMatchObject({ verification_code: "untrusted_signer" });
    const anchors = home.trust.anchors.map((anchor) => ({ ...anchor, tenants: ["tenant-b"] }));
    await configure({ trust: { anchors, revocations: [] } });
    expect(await outcome(hash)).toMatchObject({ verification_code: "untrusted_signer" });
    expect(await outcome(hash, "tenant-b")).toBeUndefined();
    await configure({});
    expect(await outcome(hash)).toBeUndefined();
  });

  it("runs unsigned for a tenant that allows it and for no other, and its hash still counts", async () => {
    const hash = await publish("unsigned", false);
    expect(await outcome(hash)).toMatchObject({ verification_code: "signature_missing" });
    await configure({ unsignedTenants: ["tenant-b"] });
    expect(await outcome(hash)).toMatchObject({ verification_code: "signature_missing" });
    expect(await outcome(hash, "tenant-b")).toBeUndefined();
    writeFileSync(file(hash, "bundle.tar.zst"), "x");
    expect(await outcome(hash, "tenant-b")).toMatchObject({ verification_code: "digest_mismatch" });
    await configure({});
  });

  it("has no handler when it is a UI alone", async () => {
    const hash = await home.publish({
      "manifest.json": manifest({ entry: "ui/index.html" }),
      "ui/index.html": "",
    });
    expect(await outcome(hash)).toMatchObject({
      code: "bad_handler",
      message: expect.stringContaining("only a UI"),
    });
  });

  it("is refused with a reason when its component is none, and the runner lives on", async () => {
    const bad = await home.publish({ "manifest.json": manifest(), "dist/main.wasm": "no WebAssembly" });
    expect(await outcome(bad)).toMatchObject({
      code: "bad_handler",
      message: expect.stringContaining("not WebAssembly"),
    });
    expect(await outcome(await publish("after"))).toBeUndefined();
  });
});
