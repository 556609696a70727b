import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { MIB } from "../../contract/limits.ts";
import type { PreparedStoreOptions } from "../../contract/runner-protocol.ts";
import type { PreparedComponent } from "../component/index.ts";
import { MAX_TABLE_ELEMENTS } from "../limits.ts";
import {
  type BundleReference,
  decodeComponent,
  decodeReference,
  encodeComponent,
  encodeReference,
} from "./prepared-file.ts";
import type { PreparedBundleName, PreparedComponentName } from "./prepared-name.ts";

/** Beyond this the entries longest unused go first. */
const MAX_STORED_BYTES = 512 * MIB;
const OWNER_ONLY = 0o600;

/**
 * Prepared components on disk, and which bundle has which: a bundle that changed elsewhere than in its component finds
 * everything ready. Whoever reads trusts nothing but the tag; whoever writes is one process at a time.
 */
export function createPreparedStore({ folder, key, version }: PreparedStoreOptions) {
  const nameOf = (kind: "bundle" | "component", hash: string, maxMemoryMb: number): string =>
    createHash("sha256")
      .update(JSON.stringify([version, kind, hash, maxMemoryMb, MAX_TABLE_ELEMENTS]))
      .digest("hex");
  const bundleName = (wanted: PreparedBundleName) => nameOf("bundle", wanted.contentHash, wanted.maxMemoryMb);
  const componentName = (wanted: PreparedComponentName) =>
    nameOf("component", wanted.component, wanted.maxMemoryMb);

  /** Nothing when there is no entry, or none that can be believed. */
  async function read<Entry>(
    name: string,
    decode: (file: Uint8Array<ArrayBuffer>, name: string, key: Uint8Array) => Entry | undefined,
  ): Promise<Entry | undefined> {
    try {
      return decode(await readFile(join(folder, name)), name, key);
    } catch {
      return undefined;
    }
  }

  async function write(name: string, parts: readonly Uint8Array[]): Promise<void> {
    await mkdir(folder, { recursive: true });
    const temporary = join(folder, `${randomUUID()}.tmp`);
    const file = await open(temporary, "wx", OWNER_ONLY);
    try {
      for (const part of parts) await file.writeFile(part);
    } finally {
      await file.close();
    }
    // No fsync: an entry that a crash cut short fails its tag and is made again.
    await rename(temporary, join(folder, name));
    await prune();
  }

  async function prune(): Promise<void> {
    const files = await Promise.all(
      (await readdir(folder)).map(async (name) => {
        const path = join(folder, name);
        const { size, mtimeMs } = await stat(path);
        return { path, size, mtimeMs };
      }),
    );
    let bytes = 0;
    for (const { path, size } of files.sort((a, b) => b.mtimeMs - a.mtimeMs)) {
      bytes += size;
      if (bytes > MAX_STORED_BYTES) await rm(path, { force: true });
    }
  }

  return {
    reference: (wanted: PreparedBundleName) => read(bundleName(wanted), decodeReference),
    component: (wanted: PreparedComponentName) => read(componentName(wanted), decodeComponent),

    refer(wanted: PreparedBundleName, reference: BundleReference): Promise<void> {
      const name = bundleName(wanted);
      return write(name, encodeReference(reference, name, key));
    },

    keep(wanted: PreparedComponentName, component: PreparedComponent): Promise<void> {
      const name = componentName(wanted);
      return write(name, encodeComponent(component, name, key));
    },

    /** What is used again is not among the entries that go first. */
    async touch(wanted: PreparedComponentName): Promise<void> {
      const now = new Date();
      await utimes(join(folder, componentName(wanted)), now, now);
    },
  };
}

export type PreparedStore = ReturnType<typeof createPreparedStore>;
