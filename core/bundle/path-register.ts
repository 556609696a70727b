import { BundleError, type BundleErrorCode, printable } from "./errors.ts";

interface Known {
  readonly path: string;
  readonly kind: "file" | "directory";
}

/**
 * Every path that an archive has named so far. Two entries must not mean one file, neither here nor on a
 * platform whose file names ignore case or Unicode composition: there the bundle would unpack to something
 * other than what was signed.
 */
export class PathRegister {
  readonly #known = new Map<string, Known>();

  addFile(path: string): void {
    const key = foldedKey(path);
    const known = this.#known.get(key);
    if (known !== undefined) throw collision(known, path);
    this.#known.set(key, { path, kind: "file" });
  }

  addDirectory(path: string): void {
    const key = foldedKey(path);
    const known = this.#known.get(key);
    if (known?.kind === "file") throw fileAndDirectory(path);
    if (known === undefined) this.#known.set(key, { path, kind: "directory" });
  }

  /** Refuses a file that is also the folder of another entry. Asked once, when every path is known. */
  close(): void {
    // In the folded key the separator sorts before everything else, so that a folder's first descendant
    // follows it directly: one pass over neighbours finds every conflict without storing all ancestors.
    const keys = [...this.#known.keys()].sort();
    for (const [index, key] of keys.entries()) {
      const known = this.#known.get(key);
      if (known?.kind === "file" && keys[index + 1]?.startsWith(`${key}${SEPARATOR}`)) {
        throw fileAndDirectory(known.path);
      }
    }
  }
}

/** No path holds it (control characters are refused before), and no character sorts below it. */
const SEPARATOR = "\0";

function foldedKey(path: string): string {
  return path.normalize("NFC").toLowerCase().replaceAll("/", SEPARATOR);
}

function collision(known: Known, path: string): BundleError {
  if (known.kind === "directory") return fileAndDirectory(path);
  if (known.path === path)
    return refused("entry_duplicate", "Two entries have the same path.", { path: printable(path) });
  return refused("entry_case_collision", "Two entries' paths differ only in case or Unicode composition.", {
    path: printable(path),
    other: printable(known.path),
  });
}

function fileAndDirectory(path: string): BundleError {
  return refused("entry_file_and_directory", "A path is both a file and a folder.", {
    path: printable(path),
  });
}

function refused(code: BundleErrorCode, message: string, details: Record<string, unknown>): BundleError {
  return new BundleError({ code, message, details, hint: "Pack the bundle again with one entry per file." });
}
