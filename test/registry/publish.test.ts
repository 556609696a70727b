import { describe, expect, it } from "vitest";
import { BundleError } from "../../core/bundle/index.ts";
import { RegistryError, RegistryRefusal } from "../../core/registry/index.ts";
import { tempFolder } from "../support/temp.ts";
import { testWorkshop } from "./test-workshop.ts";
import { bundle, interceptObjects, inventory } from "./workshop.ts";

async function setUp() {
  const workshop = testWorkshop(tempFolder());
  const tenant = workshop.tenants.ensureDefault();
  const key = await workshop.trustedKey();
  return { ...workshop, tenantId: tenant.id, key };
}

describe("publishing a signed bundle", () => {
  it("stores the archive and its signature and records who signed it", async () => {
    const { registry, objects, sign, key, tenantId } = await setUp();
    const archive = await bundle({ display_name: "Hello", publisher: "Acme" });
    const signature = await sign(archive, key);

    const published = await registry.publish({ archive, signature, tenantId });

    expect(published).toMatchObject({
      version: "1.0.0",
      created: true,
      signed: true,
      signature: "stored",
      warnings: expect.any(Array),
    });
    expect(await objects.getArchive(published.content_hash)).toEqual(Buffer.from(archive));
    expect(await objects.getSignature(published.content_hash)).toBe(signature);
    const entry = registry.getExtension("com.acme.hello");
    expect(entry).toMatchObject({
      registry_id: published.registry_id,
      name: "com.acme.hello",
      publisher: "Acme",
      display_name: "Hello",
      latest: "1.0.0",
      installs: 0,
      versions: [
        {
          version_id: published.version_id,
          status: "valid",
          size: archive.byteLength,
          signer: { subject: "CN=Acme" },
        },
      ],
    });
  });

  it("answers the same bytes again with the version that is there", async () => {
    const { registry, sign, key, tenantId } = await setUp();
    const archive = await bundle({});
    const signature = await sign(archive, key);
    const first = await registry.publish({ archive, signature, tenantId });

    const second = await registry.publish({ archive, signature, tenantId });

    expect(second).toMatchObject({ version_id: first.version_id, created: false, signature: "kept" });
    expect(registry.getExtension(first.registry_id).versions).toHaveLength(1);
  });

  it("refuses other bytes under a published version, build metadata notwithstanding, and changes nothing", async () => {
    const workshop = await setUp();
    const { publish, key, tenantId } = workshop;
    await publish({ version: "1.2.3" }, key, tenantId);
    const before = await inventory(workshop);

    for (const version of ["1.2.3", "1.2.3+rebuilt"]) {
      await expect(publish({ version }, key, tenantId)).rejects.toMatchObject({
        code: "version_exists",
        kind: "user",
      });
    }

    expect(await inventory(workshop)).toEqual(before);
  });

  it("gives x.y.* the next patch after the highest release, and the same bytes the same one", async () => {
    const { registry, publish, sign, key, tenantId } = await setUp();
    await publish({ version: "2.1.7" }, key, tenantId);
    await publish({ version: "2.1.9-rc.1" }, key, tenantId);
    const archive = await bundle({ version: "2.1.*" });
    const signature = await sign(archive, key);

    expect((await registry.publish({ archive, signature, tenantId })).version).toBe("2.1.8");
    expect((await registry.publish({ archive, signature, tenantId })).version).toBe("2.1.8");
    expect((await publish({ version: "2.1.*" }, key, tenantId)).version).toBe("2.1.9");
    expect((await publish({ version: "3.0.*" }, key, tenantId)).version).toBe("3.0.0");
  });

  it("gives publishes that run at once different patches", async () => {
    const { home, publish, key, tenantId } = await setUp();
    const second = testWorkshop(home);

    const published = await Promise.all([
      ...Array.from({ length: 4 }, () => publish({ version: "1.0.*" }, key, tenantId)),
      ...Array.from({ length: 4 }, () => second.publish({ version: "1.0.*" }, key, tenantId)),
    ]);

    expect(new Set(published.map((one) => one.version)).size).toBe(8);
  });

  it("refuses a version whose numbers cannot be compared exactly", async () => {
    const { publish, key, tenantId } = await setUp();
    await expect(publish({ version: "1.0.99999999999999999999" }, key, tenantId)).rejects.toMatchObject({
      code: "invalid_version",
    });
  });

  it("says when a version has another signer than the one before", async () => {
    const { publish, key, trustedKey, tenantId } = await setUp();
    await publish({ version: "1.0.0" }, key, tenantId);
    const { warnings } = await publish({ version: "1.1.0" }, await trustedKey("CN=Somebody else"), tenantId);
    expect(warnings).toContainEqual(expect.stringContaining("CN=Somebody else"));
  });

  it("lets the newest release describe the extension, not an older one published later", async () => {
    const { registry, publish, key, tenantId } = await setUp();
    await publish({ version: "2.0.0", display_name: "New" }, key, tenantId);
    await publish({ version: "1.9.0", display_name: "Old" }, key, tenantId);
    expect(registry.getExtension("com.acme.hello").display_name).toBe("New");
    await publish({ version: "2.0.1", display_name: "Newer" }, key, tenantId);
    expect(registry.getExtension("com.acme.hello").display_name).toBe("Newer");
  });
});

describe("refusing to publish", () => {
  it("leaves store and database as they were, with the code and the whole report", async () => {
    const workshop = await setUp();
    const { registry, sign, key, keystore, tenantId } = workshop;
    const archive = await bundle({});
    const other = await bundle({});
    const stranger = await keystore.generate({ algorithm: "ed25519", subject: "CN=Stranger" });
    const cases = [
      { code: "signature_missing", request: { archive } },
      { code: "signature_missing", request: { archive, signature: "  \n" } },
      { code: "signature_malformed", request: { archive, signature: "signed, honestly" } },
      { code: "digest_mismatch", request: { archive, signature: await sign(other, key) } },
      { code: "untrusted_signer", request: { archive, signature: await sign(archive, stranger.id) } },
    ];
    const before = await inventory(workshop);

    for (const { code, request } of cases) {
      const refusal = await registry.publish({ ...request, tenantId }).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(refusal).toBeInstanceOf(RegistryRefusal);
      expect(refusal).toMatchObject({
        code,
        kind: "refused",
        details: { report: { verified: false, code } },
      });
    }

    expect(await inventory(workshop)).toEqual(before);
  });

  it("refuses an archive other than the one declared", async () => {
    const { registry, sign, key, tenantId } = await setUp();
    const archive = await bundle({});
    const expectedHash = `sha256:${"0".repeat(64)}`;
    await expect(
      registry.publish({ archive, signature: await sign(archive, key), tenantId, expectedHash }),
    ).rejects.toMatchObject({ code: "digest_mismatch" });
  });

  it("calls a bundle that was altered after signing altered, even where it no longer unpacks", async () => {
    const { registry, sign, key, tenantId } = await setUp();
    const archive = await bundle({});
    const signature = await sign(archive, key);
    const altered = Uint8Array.from(archive).fill(0, archive.length - 20);
    await expect(registry.publish({ archive: altered, signature, tenantId })).rejects.toMatchObject({
      code: "digest_mismatch",
      kind: "refused",
    });
  });

  it("says what is wrong with an archive that is signed and yet no bundle", async () => {
    const workshop = await setUp();
    const { registry, sign, key, tenantId } = workshop;
    const archive = Buffer.from("no archive at all");
    const before = await inventory(workshop);
    await expect(
      registry.publish({ archive, signature: await sign(archive, key), tenantId }),
    ).rejects.toBeInstanceOf(BundleError);
    expect(await inventory(workshop)).toEqual(before);
  });

  it("refuses for a tenant that does not exist", async () => {
    const { publish, key } = await setUp();
    await expect(publish({}, key, "nobody")).rejects.toBeInstanceOf(RegistryError);
  });

  it("takes back the object when the database refuses the rows", async () => {
    const workshop = await setUp();
    const { database, publish, key, tenantId } = workshop;
    const before = await inventory(workshop);
    database.exec(
      "CREATE TRIGGER refuse BEFORE INSERT ON extension_version BEGIN SELECT RAISE(ABORT, 'no room'); END",
    );

    await expect(publish({}, key, tenantId)).rejects.toThrow("no room");

    expect(await inventory(workshop)).toEqual(before);
  });

  it("takes back the object when its signature cannot be written", async () => {
    const workshop = testWorkshop(tempFolder(), {
      objects: (real) =>
        interceptObjects(real, (operation) => {
          if (operation === "putSignature") throw new Error("no room");
        }),
    });
    const { tenants, trustedKey, publish } = workshop;
    const before = await inventory(workshop);
    await expect(publish({}, await trustedKey(), tenants.ensureDefault().id)).rejects.toThrow("no room");
    expect(await inventory(workshop)).toEqual(before);
  });
});

describe("unsigned bundles", () => {
  it("pass only for a development tenant that allows them, and are recorded as unsigned", async () => {
    const { registry, tenants, tenantId } = await setUp();
    tenants.setUnsignedPolicy(tenantId, "allow");
    const archive = await bundle({});

    const published = await registry.publish({ archive, tenantId });

    expect(published).toMatchObject({ signed: false, signature: "none", created: true });
    expect(published.warnings).toContainEqual(expect.stringContaining("unsigned"));
    expect(registry.getExtension("com.acme.hello").versions[0]).toMatchObject({ signed: false });
    const other = tenants.create({ name: "Other" });
    await expect(registry.publish({ archive, tenantId: other.id })).rejects.toMatchObject({
      code: "signature_missing",
    });
  });

  it("do not excuse a signature that fails, nor another content than the declared", async () => {
    const { registry, tenants, sign, key, tenantId } = await setUp();
    tenants.setUnsignedPolicy(tenantId, "allow");
    const archive = await bundle({});
    await expect(
      registry.publish({ archive, signature: await sign(await bundle({}), key), tenantId }),
    ).rejects.toMatchObject({ code: "digest_mismatch" });
    await expect(
      registry.publish({ archive, tenantId, expectedHash: `sha256:${"1".repeat(64)}` }),
    ).rejects.toMatchObject({ code: "digest_mismatch" });
  });

  it("become signed when the same bytes are published with a signature", async () => {
    const { registry, tenants, objects, sign, key, tenantId } = await setUp();
    tenants.setUnsignedPolicy(tenantId, "allow");
    const archive = await bundle({});
    const { content_hash } = await registry.publish({ archive, tenantId });
    const signature = await sign(archive, key);

    const again = await registry.publish({ archive, signature, tenantId });

    expect(again).toMatchObject({ created: false, signed: true, signature: "stored" });
    expect(await objects.getSignature(content_hash)).toBe(signature);
  });
});

describe("a second signature over the same bytes", () => {
  it("replaces the first when it verifies", async () => {
    const { registry, objects, sign, key, trustedKey, tenantId } = await setUp();
    const archive = await bundle({});
    await registry.publish({ archive, signature: await sign(archive, key), tenantId });
    const renewed = await sign(archive, await trustedKey("CN=Acme, OU=Renewed"));

    const again = await registry.publish({ archive, signature: renewed, tenantId });

    expect(again).toMatchObject({ created: false, signature: "replaced" });
    expect(await objects.getSignature(again.content_hash)).toBe(renewed);
    expect(registry.getExtension("com.acme.hello").versions[0]?.signer?.subject).toContain("Renewed");
  });

  it("is kept out while another tenant runs the bundle and would refuse it", async () => {
    const { registry, tenants, objects, sign, key, trustedKey, tenantId } = await setUp();
    const production = tenants.create({ name: "Production" });
    const archive = await bundle({});
    const original = await sign(archive, key);
    await registry.publish({ archive, signature: original, tenantId: production.id });
    await registry.install({ ref: "com.acme.hello", tenantId: production.id });
    const developers = await trustedKey("CN=Development key", [tenantId]);

    const again = await registry.publish({ archive, signature: await sign(archive, developers), tenantId });

    expect(again).toMatchObject({ signature: "kept" });
    expect(again.warnings).toContainEqual(expect.stringContaining("another tenant"));
    expect(await objects.getSignature(again.content_hash)).toBe(original);
    expect(await registry.reverify()).toMatchObject([{ status: "valid" }]);
  });
});
