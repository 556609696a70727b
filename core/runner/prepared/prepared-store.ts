import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { MIB } from "../../contract/limits.ts";
import type { PreparedStoreOptions } from "../../contract/runner-protocol.ts";
import { MAX_TABLE_ELEMENTS } from "../limits.ts";
import { decodePrepared, encodePrepared, type PreparedBundle } from "./prepared-file.ts";
import type { PreparedName } from "./prepared-name.ts";

/** Beyond this the entries longest unwritten go first. */
const MAX_STORED_BYTES = 512 * MIB;
const OWNER_ONLY = 0o600;

/** Prepared bundles on disk. Whoever reads trusts nothing but the tag; whoever writes is one process at a time. */
export function createPreparedStore({ folder, key, version }: PreparedStoreOptions) {
  const nameOf = ({ contentHash, maxMemoryMb }: PreparedName): string =>
    createHash("sha256")
      .update(JSON.stringify([version, contentHash, maxMemoryMb, MAX_TABLE_ELEMENTS]))
      .digest("hex");

  /** Nothing when there is no entry, or none that can be believed. */
  async function read(wanted: PreparedName): Promise<PreparedBundle | undefined> {
    const name = nameOf(wanted);
    try {
      return decodePrepared(await readFile(join(folder, name)), name, key);
    } catch {
      return undefined;
    }
  }

  async function write(wanted: PreparedName, prepared: PreparedBundle): Promise<void> {
    const name = nameOf(wanted);
    await mkdir(folder, { recursive: true });
    const temporary = join(folder, `${randomUUID()}.tmp`);
    const file = await open(temporary, "wx", OWNER_ONLY);
    try {
      for (const part of encodePrepared(prepared, name, key)) await file.writeFile(part);
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

  return { read, write };
}

export type PreparedStore = ReturnType<typeof createPreparedStore>;
