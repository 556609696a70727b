import { describe, expect, test } from "vitest";
import { openWindowWorkbench, uiBundle } from "./window-workbench.ts";

const SECRET = "s3cret-value-that-never-returns";

/** A workbench with one key, trusted for the default tenant, and com.acme.board 1.0.0 signed with it. */
async function published() {
  const window = await openWindowWorkbench();
  const { call, upload, tenantId } = window;
  const { key } = await call("keys.generate", {
    kind: "self_signed",
    algorithm: "ecdsa-p256",
    subject: "CN=Acme Release",
  });
  const { items } = await call("trust.add", { source: { key_id: key.id }, tenants: [tenantId] });
  const publish = async (overrides: Record<string, unknown> = {}) => {
    const upload_id = await upload(await uiBundle(overrides));
    return call("registry.publish", { bundle: { upload_id }, key_id: key.id });
  };
  const answer = await publish();
  if (answer.outcome !== "published") throw new Error("the bundle was refused");
  return { ...window, key, trustId: items[0]?.id ?? "", publish, answer };
}

describe("the registry over RPC", () => {
  test("an unsigned bundle is refused with its report, and nothing is written", async () => {
    const { call, upload } = await openWindowWorkbench();
    const upload_id = await upload(await uiBundle());
    const answer = await call("registry.publish", { bundle: { upload_id } });
    expect(answer).toMatchObject({
      outcome: "refused",
      refusal: { code: "signature_missing", report: { verified: false } },
    });
    expect((await call("extensions.list", {})).items).toEqual([]);
  });

  test("a bundle shows its files, its bill of materials and what is odd about it", async () => {
    const { call, answer } = await published();
    const content = await call("bundles.inspect", { bundle: { content_hash: answer.content_hash } });
    expect(content.files.map(({ path }) => path)).toEqual([
      "manifest.json",
      "sbom.cdx.json",
      "ui/index.html",
    ]);
    expect(content.sbom).toMatchObject({
      format: "cyclonedx",
      components: 1,
      listed: [{ name: "left-pad", version: "1.3.0" }],
    });
  });

  test("secrets go in and only their names come out", async () => {
    const { call, tenantId } = await published();
    const ref = "com.acme.board";
    const installed = await call("registry.install", {
      ref,
      tenant_id: tenantId,
      grants: ["cap:secrets.get"],
      config: { region: "eu" },
      secrets: { token: SECRET },
      egress: ["api.example.com"],
    });
    expect(installed).toMatchObject({
      outcome: "installed",
      install: { secret_keys: ["token"], config: { region: "eu" }, egress_allowlist: ["api.example.com"] },
    });
    const changed = await call("registry.configure", {
      ref,
      tenant_id: tenantId,
      secrets: { token: `${SECRET}2`, other: SECRET },
      limits: { timeout_ms: 1_000 },
    });
    expect(changed).toMatchObject({ secret_keys: ["other", "token"], limits: { timeout_ms: 1_000 } });
    const details = await call("registry.details", { ref, tenant_id: tenantId });
    expect(JSON.stringify([installed, changed, details])).not.toContain(SECRET);
    expect(details.granted_capabilities).not.toContain("cap:http.fetch");
  });

  test("what an uninstall takes with it is named first, and is what it took", async () => {
    const { call, tenantId } = await published();
    const target = { ref: "com.acme.board", tenant_id: tenantId };
    await call("registry.install", { ...target, config: { a: "1", b: "2" }, secrets: { token: SECRET } });
    const { holdings } = await call("registry.details", target);
    expect(holdings).toEqual({ config: 2, secrets: 1, storage: 0, schedules: 0, subscriptions: 0 });
    expect((await call("registry.uninstall", target)).removed).toEqual(holdings);
  });

  test("an update grants nothing new without being told to", async () => {
    const { call, publish, tenantId } = await published();
    const target = { ref: "com.acme.board", tenant_id: tenantId };
    await call("registry.install", { ...target, grants: ["cap:http.fetch"] });
    await publish({ version: "1.1.0", capabilities: ["cap:http.fetch", "cap:storage.kv"] });
    const updated = await call("registry.update", { ...target, version: "1.1.0" });
    expect(updated).toMatchObject({ outcome: "installed", install: { version: "1.1.0" } });
    if (updated.outcome !== "installed") return;
    expect(updated.install.granted_capabilities).toContain("cap:http.fetch");
    expect(updated.install.granted_capabilities).not.toContain("cap:storage.kv");
    expect(await call("registry.enable", { ...target, enabled: false })).toMatchObject({ enabled: false });
  });

  test("a version that no longer verifies is invalid, cannot be installed, and stands again once mended", async () => {
    const { call, key, trustId, answer, tenantId } = await published();
    await call("trust.remove", { trust_id: trustId });
    const target = { ref: "com.acme.board", tenant_id: tenantId, version: "1.0.0" };
    const { items } = await call("extensions.list", {});
    expect(items[0]?.versions[0]).toMatchObject({ status: "invalid", invalid_code: "untrusted_signer" });
    const { report } = await call("bundles.verify", { bundle: { content_hash: answer.content_hash } });
    expect(report).toMatchObject({ verified: false, code: "untrusted_signer" });
    await call("trust.add", { source: { key_id: key.id }, tenants: [tenantId] });
    expect(await call("registry.reverify", { version_id: answer.version_id })).toEqual({ status: "valid" });
    expect(await call("registry.install", target)).toMatchObject({ outcome: "installed" });
  });

  test("a deprecated version is not chosen by itself, until it is recommended again", async () => {
    const { call } = await published();
    const version = { ref: "com.acme.board", version: "1.0.0" };
    await call("registry.deprecate", version);
    expect((await call("extensions.list", {})).items[0]?.latest).toBeUndefined();
    await call("registry.deprecate", { ...version, undo: true });
    expect((await call("extensions.list", {})).items[0]?.latest).toBe("1.0.0");
  });

  test("refusals keep their codes", async () => {
    const { refusal, tenantId } = await published();
    const target = { ref: "com.acme.board", tenant_id: tenantId };
    expect((await refusal("registry.details", target)).code).toBe("not_installed");
    expect((await refusal("registry.install", { ...target, grants: ["cap:client.read"] })).code).toBe(
      "capability_not_requested",
    );
    const leaky = await refusal("registry.install", { ...target, secrets: { [`bad key ${SECRET}`]: "x" } });
    expect(leaky.code).toBe("invalid_secret");
    expect(leaky.text).not.toContain(SECRET);
    expect((await refusal("registry.reverify", { version_id: "nothing" })).code).toBe("version_not_found");
  });
});
