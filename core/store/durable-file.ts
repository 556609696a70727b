import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { reasonOf } from "./file-failure.ts";

/** Half-written files are put here, on the same file system as their destination. */
export interface Staging {
  readonly folder: string;
  /** A name that no other writer uses. */
  name(): string;
}

/**
 * Puts bytes under a path so that whoever looks, at any moment and after any crash, finds either what was there
 * before or all of them: written aside, flushed to the disk, renamed, and the rename flushed too.
 */
export async function writeDurably(
  path: string,
  bytes: Uint8Array | string,
  staging: Staging,
): Promise<void> {
  await mkdir(staging.folder, { recursive: true });
  const aside = join(staging.folder, staging.name());
  try {
    await usingFile(await open(aside, "wx"), async (file) => {
      await file.writeFile(bytes);
      await file.sync();
    });
    await mkdir(dirname(path), { recursive: true });
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
  await syncFolder(dirname(dirname(path)));
}

/** Makes renames and removals in a folder survive a power cut. Windows has no such call and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  await usingFile(await open(folder, "r"), (handle) => handle.sync());
}

/** Removes what crashed writers left behind, but nothing that a live writer may still be filling. */
export async function removeOlderThan(folder: string, time: Date): Promise<void> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (reasonOf(error) === "ENOENT") return [];
    throw error;
  });
  for (const name of names) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && found.mtime < time) await rm(path, { recursive: true, force: true });
  }
}

async function usingFile(file: FileHandle, use: (file: FileHandle) => Promise<void>): Promise<void> {
  try {
    await use(file);
  } finally {
    await file.close();
  }
}
