import { randomUUID } from "node:crypto";
import { join } from "node:path";

import { createBundleReader, packArchive } from "../../core/bundle/index.ts";
import type { Clock } from "../../core/platform/clock.ts";
import { createFileKeyBox } from "../../core/platform/file-key-box.ts";
import { randomIds } from "../../core/platform/ids.ts";
import { type BundleObjects, createRegistry, type PublishResult } from "../../core/registry/index.ts";
import { createInstallSecrets } from "../../core/secrets/index.ts";
import { createKeystore, createTrustStore, signArchive, verifyArchive } from "../../core/signing/index.ts";
import { createFileObjectStore, openDatabase } from "../../core/store/index.ts";
import { createTenants } from "../../core/tenants/index.ts";
import { text } from "../support/bytes.ts";

/** The only stand-in: time, which moves when a test says so. */
export interface MovableClock extends Clock {
  advance(ms: number): void;
}

export function movableClock(start = "2026-03-01T12:00:00.000Z"): MovableClock {
  let now = Date.parse(start);
  return {
    now: () => new Date(now),
    advance(ms) {
      now += ms;
    },
  };
}

export interface WorkshopOptions {
  clock?: Clock;
  /** Wraps the real store, to watch or to disturb it. */
  objects?: (real: BundleObjects) => BundleObjects;
}

/** A registry as a workbench wires it: real store, database, signatures and archives, in the given home. */
export function openWorkshop(home: string, options: WorkshopOptions = {}) {
  const clock = options.clock ?? movableClock();
  const ids = randomIds;
  const database = openDatabase(join(home, "workbench.sqlite"));
  const box = createFileKeyBox(join(home, "box.key"));
  const real = createFileObjectStore(join(home, "objects"), { clock });
  const objects = options.objects?.(real) ?? real;
  const tenants = createTenants({ database, box, clock, ids });
  const secrets = createInstallSecrets({ database, box, clock });
  const keystore = createKeystore({ database, box, clock, ids });
  const trust = createTrustStore({ database, clock, ids });
  const bundles = createBundleReader();
  const registry = createRegistry({
    database,
    objects,
    tenants,
    secrets,
    clock,
    ids,
    bundles,
    verifier: {
      verify: (request) =>
        verifyArchive({ ...request, trust: trust.snapshot(), checkArchive: bundles.check }),
    },
  });

  /** A new key, trusted for the tenants named, or for all. */
  async function trustedKey(subject = "CN=Acme", tenantIds?: readonly string[]): Promise<string> {
    const key = await keystore.generate({ algorithm: "ecdsa-p256", subject });
    trust.add({ pem: keystore.exportCertificate(key.id), tenants: tenantIds ?? null });
    return key.id;
  }

  async function sign(archive: Uint8Array, keyId: string): Promise<string> {
    return signArchive({ archive, signer: await keystore.signer(keyId), signingTime: clock.now() });
  }

  /** Packs, signs and publishes for the tenant. */
  async function publish(manifest: object, keyId: string, tenantId: string): Promise<PublishResult> {
    const archive = await bundle(manifest);
    return registry.publish({ archive, signature: await sign(archive, keyId), tenantId });
  }

  return {
    home,
    clock,
    database,
    box,
    objects,
    tenants,
    secrets,
    keystore,
    trust,
    registry,
    trustedKey,
    sign,
    publish,
  };
}

export type Workshop = ReturnType<typeof openWorkshop>;

/** An archive with this manifest, and other bytes each time unless `content` fixes them. */
export function bundle(manifest: object, content: string = randomUUID()): Promise<Uint8Array> {
  const complete = { name: "com.acme.hello", version: "1.0.0", runtime: "wasm-js@1", ...manifest };
  return packArchive([
    { path: "manifest.json", bytes: text(JSON.stringify(complete)) },
    { path: "ui/index.html", bytes: text(`<!doctype html><p>${content}</p>`) },
  ]);
}

/** The real store, telling `before` each call by name; what `before` throws or awaits, the call does. */
export function interceptObjects(
  real: BundleObjects,
  before: (operation: keyof BundleObjects) => void | Promise<void>,
): BundleObjects {
  return {
    async has(hash) {
      await before("has");
      return real.has(hash);
    },
    async putArchive(bytes) {
      await before("putArchive");
      return real.putArchive(bytes);
    },
    async getArchive(hash) {
      await before("getArchive");
      return real.getArchive(hash);
    },
    async putSignature(hash, pem) {
      await before("putSignature");
      return real.putSignature(hash, pem);
    },
    async getSignature(hash) {
      await before("getSignature");
      return real.getSignature(hash);
    },
    async remove(hash) {
      await before("remove");
      return real.remove(hash);
    },
    list: () => real.list(),
  };
}

const ROW_TABLES = [
  "extension_registry",
  "extension_version",
  "extension_bundle",
  "tenant_extension_install",
];

/** What is stored and recorded, to compare before and after. */
export async function inventory({ database, objects }: Pick<Workshop, "database" | "objects">) {
  const stored: Record<string, string | undefined> = {};
  for await (const hash of objects.list()) stored[hash] = await objects.getSignature(hash);
  const rows = ROW_TABLES.map((table) => database.prepare(`SELECT * FROM ${table} ORDER BY 1`).all());
  return { stored, rows };
}
