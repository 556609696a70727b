import type { Dirent, Stats } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { MAX_ARCHIVE_ENTRIES, MAX_ENTRY_BYTES, MAX_UNPACKED_BYTES } from "../../contract/limits.ts";
import { ProjectError } from "./errors.ts";

export interface TreeFile {
  /** In the bundle, with forward slashes. */
  readonly path: string;
  /** On disk, absolute. */
  readonly file: string;
  readonly size: number;
}

/** What file managers leave in every folder; never part of an extension. */
const LITTER = new Set([".DS_Store", "Thumbs.db", "desktop.ini"]);

/**
 * Collects a bundle's files within the bundle format's limits, so that a wrong folder fails in a moment and not after
 * gigabytes. A link is refused, not followed: what it leads to is not the project's to publish.
 */
export class FileTree {
  readonly files: TreeFile[] = [];
  #bytes = 0;

  /** Adds one file under a path of its own; `false` when there is none. */
  async addFile(file: string, path: string): Promise<boolean> {
    const found = await lstat(file).catch(() => undefined);
    if (found === undefined) return false;
    this.#add(file, path, found);
    return true;
  }

  /** Adds everything below a folder, under `prefix`. */
  async addFolder(folder: string, prefix: string): Promise<void> {
    for (const entry of await listing(folder)) {
      if (LITTER.has(entry.name)) continue;
      const file = join(folder, entry.name);
      if (entry.isDirectory()) await this.addFolder(file, `${prefix}${entry.name}/`);
      else this.#add(file, `${prefix}${entry.name}`, await lstat(file));
    }
  }

  #add(file: string, path: string, found: Stats): void {
    if (!found.isFile()) {
      throw new ProjectError({
        code: "file_refused",
        message: found.isSymbolicLink()
          ? "A link cannot be part of a bundle."
          : "Only ordinary files can be part of a bundle.",
        details: { path: file },
        hint: "Replace it by the file that it stands for, or remove it.",
      });
    }
    this.#bytes += found.size;
    if (found.size > MAX_ENTRY_BYTES || this.#bytes > MAX_UNPACKED_BYTES) {
      throw new ProjectError({
        code: "bundle_too_large",
        message: "The project's files are larger than a bundle may be.",
        details: {
          path: file,
          bytes: this.#bytes,
          allowed_bytes: MAX_UNPACKED_BYTES,
          allowed_file_bytes: MAX_ENTRY_BYTES,
        },
      });
    }
    if (this.files.length === MAX_ARCHIVE_ENTRIES) {
      throw new ProjectError({
        code: "too_many_files",
        message: "The project has more files than a bundle may hold.",
        details: { allowed: MAX_ARCHIVE_ENTRIES },
      });
    }
    this.files.push({ path, file, size: found.size });
  }
}

async function listing(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}
