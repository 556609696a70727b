import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../support/temp.ts";
import { testWorkshop } from "./test-workshop.ts";
import { bundle, movableClock } from "./workshop.ts";

const NAME = "com.acme.hello";

async function setUp() {
  const clock = movableClock();
  const workshop = testWorkshop(tempFolder(), { clock });
  const tenantId = workshop.tenants.ensureDefault().id;
  const objectFile = (hash: string, file: string) =>
    join(workshop.home, "objects", "sha256", hash.slice("sha256:".length), file);
  return { ...workshop, clock, tenantId, objectFile, target: { ref: NAME, tenantId } };
}

describe("a version that no longer verifies", () => {
  it("is refused at install with its code, marked invalid, and stands again once it verifies", async () => {
    const { registry, keystore, trust, trustedKey, publish, tenantId, target } = await setUp();
    const key = await trustedKey();
    await publish({}, key, tenantId);
    trust.revoke({ fingerprint: keystore.get(key).fingerprint_sha256 ?? "", reason: "lost" });

    await expect(registry.install(target)).rejects.toMatchObject({
      code: "certificate_revoked",
      kind: "refused",
      details: { report: { code: "certificate_revoked" } },
    });

    expect(registry.getExtension(NAME).versions[0]).toMatchObject({
      status: "invalid",
      invalid_code: "certificate_revoked",
    });
    expect(registry.getExtension(NAME).latest).toBeUndefined();
  });

  it("is judged at the time of the install", async () => {
    const { registry, clock, keystore, trust, publish, tenantId, target } = await setUp();
    const { id } = await keystore.generate({ algorithm: "ecdsa-p256", subject: "CN=Brief", days: 1 });
    trust.add({ pem: keystore.exportCertificate(id) });
    await publish({}, id, tenantId);
    clock.advance(3 * 24 * 60 * 60 * 1000);
    await expect(registry.install(target)).rejects.toMatchObject({ code: "certificate_expired" });
  });

  it("is found when the stored archive has changed, is gone, or has lost its signature", async () => {
    const { registry, trustedKey, publish, tenantId, objectFile } = await setUp();
    const key = await trustedKey();
    const damage = {
      "com.acme.changed": {
        code: "digest_mismatch",
        file: "bundle.tar.zst",
        how: (path: string) => appendFileSync(path, "x"),
      },
      "com.acme.gone": {
        code: "archive_invalid",
        file: "bundle.tar.zst",
        how: (path: string) => rmSync(path),
      },
      "com.acme.stripped": {
        code: "signature_missing",
        file: "SIGNATURE",
        how: (path: string) => rmSync(path),
      },
    };
    for (const [name, { code, file, how }] of Object.entries(damage)) {
      const { content_hash } = await publish({ name }, key, tenantId);
      how(objectFile(content_hash, file));
      await expect(registry.install({ ref: name, tenantId }), name).rejects.toMatchObject({ code });
      expect(registry.getExtension(name).versions[0], name).toMatchObject({
        status: "invalid",
        invalid_code: code,
      });
    }
  });

  it("is mended by publishing the same bytes again", async () => {
    const { registry, trustedKey, sign, tenantId, objectFile, target } = await setUp();
    const archive = await bundle({});
    const signature = await sign(archive, await trustedKey());
    const { content_hash } = await registry.publish({ archive, signature, tenantId });
    appendFileSync(objectFile(content_hash, "bundle.tar.zst"), "rot");
    await expect(registry.install(target)).rejects.toMatchObject({ code: "digest_mismatch" });

    const again = await registry.publish({ archive, signature, tenantId });

    expect(again.created).toBe(false);
    expect(registry.getExtension(NAME).versions[0]?.status).toBe("valid");
    expect((await registry.install(target)).created).toBe(true);
  });

  it("shows through every resolved install, and comes back as deprecated if it was", async () => {
    const { registry, trustedKey, publish, tenantId, target } = await setUp();
    const { version_id } = await publish({}, await trustedKey(), tenantId);
    await registry.install(target);
    registry.deprecate({ ref: NAME, version: "1.0.0" });
    registry.markInvalid(version_id, "signature_invalid");
    expect(registry.resolveInstall(tenantId, NAME)).toMatchObject({
      version_status: "invalid",
      invalid_code: "signature_invalid",
    });

    expect(await registry.reverify(version_id)).toMatchObject([{ status: "deprecated" }]);

    expect(registry.resolveInstall(tenantId, NAME)?.version_status).toBe("deprecated");
    registry.deprecate({ ref: NAME, version: "1.0.0", undo: true });
    expect(registry.resolveInstall(tenantId, NAME)).toMatchObject({ version_status: "valid" });
    expect(registry.resolveInstall(tenantId, NAME)?.invalid_code).toBeUndefined();
  });

  it("is marked after a change of trust, and recovers after the next", async () => {
    const { registry, keystore, trust, trustedKey, publish, tenantId, target } = await setUp();
    const key = await trustedKey();
    await publish({}, key, tenantId);
    await registry.install(target);
    const [entry] = trust.list();
    trust.remove(entry?.id ?? "");
    expect(await registry.reverify()).toMatchObject([
      { status: "invalid", invalid_code: "untrusted_signer" },
    ]);
    expect(registry.resolveInstall(tenantId, NAME)).toMatchObject({
      version_status: "invalid",
      invalid_code: "untrusted_signer",
    });
    trust.add({ pem: keystore.exportCertificate(key) });
    expect(await registry.reverify()).toMatchObject([{ status: "valid" }]);
    expect(registry.resolveInstall(tenantId, NAME)?.version_status).toBe("valid");
  });
});

describe("trust that is a tenant's own", () => {
  it("lets no tenant spoil a version for another", async () => {
    const { registry, tenants, trustedKey, publish, tenantId, target } = await setUp();
    const { version_id } = await publish({}, await trustedKey("CN=Dev", [tenantId]), tenantId);
    await registry.install(target);
    const other = tenants.create({ name: "Other" });

    await expect(registry.install({ ref: NAME, tenantId: other.id })).rejects.toMatchObject({
      code: "untrusted_signer",
    });
    registry.markInvalid(version_id, "untrusted_signer", other.id);

    expect(registry.getExtension(NAME).versions[0]?.status).toBe("valid");
    expect(registry.resolveInstall(tenantId, NAME)?.version_status).toBe("valid");
  });

  it("marks the one tenant's install when its trust is withdrawn, and the version once nobody's is left", async () => {
    const { registry, tenants, trust, trustedKey, publish, tenantId, target } = await setUp();
    const other = tenants.create({ name: "Other" });
    await publish({}, await trustedKey("CN=Both"), tenantId);
    await registry.install(target);
    await registry.install({ ref: NAME, tenantId: other.id });
    const [entry] = trust.list();
    trust.remove(entry?.id ?? "");
    trust.add({ pem: entry?.pem ?? "", tenants: [tenantId] });

    expect(await registry.reverify()).toMatchObject([{ status: "valid" }]);
    expect(registry.resolveInstall(other.id, NAME)).toMatchObject({
      version_status: "invalid",
      invalid_code: "untrusted_signer",
    });
    expect(registry.resolveInstall(tenantId, NAME)?.version_status).toBe("valid");

    const [narrowed] = trust.list();
    trust.remove(narrowed?.id ?? "");
    expect(await registry.reverify()).toMatchObject([
      { status: "invalid", invalid_code: "untrusted_signer" },
    ]);
  });

  it("counts against the version when no other tenant uses it", async () => {
    const { registry, trustedKey, publish, tenantId, target } = await setUp();
    const { version_id } = await publish({}, await trustedKey(), tenantId);
    await registry.install(target);
    registry.markInvalid(version_id, "untrusted_signer", tenantId);
    expect(registry.getExtension(NAME).versions[0]).toMatchObject({
      status: "invalid",
      invalid_code: "untrusted_signer",
    });
  });

  it("keeps the others' verdict when one tenant installs a version that was invalid", async () => {
    const { registry, tenants, trustedKey, publish, tenantId, target } = await setUp();
    const other = tenants.create({ name: "Other" });
    const { version_id } = await publish({}, await trustedKey(), tenantId);
    await registry.install(target);
    registry.markInvalid(version_id, "untrusted_signer", tenantId);

    await registry.install({ ref: NAME, tenantId: other.id });

    expect(registry.resolveInstall(other.id, NAME)?.version_status).toBe("valid");
    expect(registry.resolveInstall(tenantId, NAME)).toMatchObject({
      version_status: "invalid",
      invalid_code: "untrusted_signer",
    });
  });
});

describe("an unsigned install", () => {
  it("stops counting as valid the moment its tenant's policy is withdrawn", async () => {
    const { registry, tenants, tenantId, target } = await setUp();
    tenants.setUnsignedPolicy(tenantId, "allow");
    await registry.publish({ archive: await bundle({}), tenantId });
    const { signed, warnings } = await registry.install(target);
    expect(signed).toBe(false);
    expect(warnings).toContainEqual(expect.stringContaining("unsigned"));
    expect(registry.resolveInstall(tenantId, NAME)).toMatchObject({ signed: false, version_status: "valid" });

    tenants.setUnsignedPolicy(tenantId, "refuse");

    expect(registry.resolveInstall(tenantId, NAME)).toMatchObject({
      version_status: "invalid",
      invalid_code: "signature_missing",
    });
    expect(registry.isInstalled(NAME, registry.getExtension(NAME).versions[0]?.content_hash ?? "")).toBe(
      false,
    );
  });
});
