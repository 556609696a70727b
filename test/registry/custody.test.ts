import { describe, expect, it } from "vitest";
import { tempFolder } from "../support/temp.ts";
import { testWorkshop } from "./test-workshop.ts";
import { bundle, interceptObjects, movableClock } from "./workshop.ts";

const HOUR_MS = 60 * 60 * 1000;

async function setUp() {
  const clock = movableClock();
  const workshop = testWorkshop(tempFolder(), { clock });
  return {
    ...workshop,
    clock,
    tenantId: workshop.tenants.ensureDefault().id,
    key: await workshop.trustedKey(),
  };
}

describe("objects that nothing names", () => {
  it("are removed once they have been seen unused for an hour, and not before", async () => {
    const { registry, objects, clock, publish, key, tenantId } = await setUp();
    const { content_hash } = await publish({}, key, tenantId);
    const orphan = await objects.putArchive(await bundle({}));

    expect(await registry.collectGarbage()).toEqual([]);
    clock.advance(HOUR_MS - 1);
    expect(await registry.collectGarbage()).toEqual([]);
    clock.advance(1);
    expect(await registry.collectGarbage()).toEqual([orphan]);

    expect(await objects.has(orphan)).toBe(false);
    expect(await objects.has(content_hash)).toBe(true);
    expect(await registry.collectGarbage()).toEqual([]);
  });

  it("start their hour anew when they were published and lost in between", async () => {
    const { registry, database, objects, sign, clock, key, tenantId } = await setUp();
    const archive = await bundle({});
    await objects.putArchive(archive);
    await registry.collectGarbage();
    clock.advance(2 * HOUR_MS);
    const { content_hash } = await registry.publish({
      archive,
      signature: await sign(archive, key),
      tenantId,
    });
    expect(await registry.collectGarbage()).toEqual([]);
    database.exec("DELETE FROM extension_version; DELETE FROM extension_bundle");
    expect(await registry.collectGarbage()).toEqual([]);
    clock.advance(HOUR_MS);
    expect(await registry.collectGarbage()).toEqual([content_hash]);
  });

  it("are put back when a publish names them while they are being removed", async () => {
    const clock = movableClock();
    const home = tempFolder();
    const publisher = testWorkshop(home, { clock });
    const key = await publisher.trustedKey();
    const tenantId = publisher.tenants.ensureDefault().id;
    const archive = await bundle({});
    const signature = await publisher.sign(archive, key);
    const hash = await publisher.objects.putArchive(archive);
    const collector = testWorkshop(home, {
      clock,
      objects: (real) =>
        interceptObjects(real, async (operation) => {
          if (operation === "remove") await publisher.registry.publish({ archive, signature, tenantId });
        }),
    });
    await collector.registry.collectGarbage();
    clock.advance(HOUR_MS);

    await collector.registry.collectGarbage();

    expect(publisher.registry.getExtension("com.acme.hello").versions[0]?.content_hash).toBe(hash);
    expect(await publisher.objects.getArchive(hash)).toEqual(Buffer.from(archive));
    expect(await publisher.objects.getSignature(hash)).toBe(signature);
  });
});

describe("a publish whose object vanishes before its rows are written", () => {
  it("stores the object again", async () => {
    const home = tempFolder();
    let removed = false;
    const workshop = testWorkshop(home, {
      objects: (real) =>
        interceptObjects(real, async (operation) => {
          // The signature is the last thing written before the rows.
          if (operation !== "getSignature" && operation !== "has") return;
          if (removed || workshop.registry.listExtensions().length === 0) return;
          removed = true;
          for await (const hash of real.list()) await real.remove(hash);
        }),
    });
    const tenantId = workshop.tenants.ensureDefault().id;

    const { content_hash } = await workshop.publish({}, await workshop.trustedKey(), tenantId);

    expect(removed).toBe(true);
    expect(await workshop.objects.getSignature(content_hash)).toContain("BEGIN CMS");
    expect((await workshop.registry.install({ ref: "com.acme.hello", tenantId })).created).toBe(true);
  });
});
