import { mkdir, opendir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { type ContentHash, contentHashSchema } from "../contract/content-hash.ts";
import { MAX_ARCHIVE_BYTES, MAX_SIGNATURE_BYTES } from "../contract/limits.ts";
import { type Clock, systemClock } from "../platform/clock.ts";
import { contentHashOf } from "../platform/content-hash.ts";
import { type Ids, randomIds } from "../platform/ids.ts";
import { removeOlderThan, type Staging, syncFolder, writeDurably } from "./durable-file.ts";
import { readFailure, reasonOf, writeFailure } from "./file-failure.ts";
import { corrupt, malformed, notFound, refuseOversize } from "./object-failure.ts";
import { ARCHIVE_FILE, HASH_FOLDER, type ObjectStore, SIGNATURE_FILE } from "./objects.ts";

export interface FileObjectStore extends ObjectStore {
  /** Changes whenever the archive's file is replaced or written to; `undefined` when there is none. */
  stamp(hash: ContentHash): Promise<string | undefined>;
}

export interface FileObjectStoreOptions {
  readonly clock?: Clock;
  readonly ids?: Ids;
}

const STAGING_FOLDER = "staging";
const CORRUPT_HINT = "Remove the object's folder and publish the bundle again; then check the disk.";

/** Older than any write can take: what lies in the staging folder for so long has lost its writer. */
const LEFTOVER_AGE_MS = 60 * 60 * 1000;

/**
 * Objects as files: `<root>/sha256/<64 hex>/bundle.tar.zst` with `SIGNATURE` beside it.
 *
 * Touches nothing until it is asked to: the runner opens the same folder without the right to write. Paths are
 * made from hashes that have been checked, never from anything else.
 */
export function createFileObjectStore(
  rootDir: string,
  options: FileObjectStoreOptions = {},
): FileObjectStore {
  return new ObjectFolder(rootDir, options.clock ?? systemClock, options.ids ?? randomIds);
}

class ObjectFolder implements FileObjectStore {
  readonly #root: string;
  readonly #clock: Clock;
  readonly #staging: Staging;
  #swept = false;

  constructor(root: string, clock: Clock, ids: Ids) {
    this.#root = root;
    this.#clock = clock;
    this.#staging = { folder: join(root, STAGING_FOLDER), name: () => ids.token(16) };
  }

  async has(hash: ContentHash): Promise<boolean> {
    const path = this.#path(hash, ARCHIVE_FILE);
    return (await this.#reading(() => sizeOf(path))) !== undefined;
  }

  async stamp(hash: ContentHash): Promise<string | undefined> {
    const path = this.#path(hash, ARCHIVE_FILE);
    const found = await this.#reading(() => ifThere(stat(path, { bigint: true })));
    return found && `${found.ino}.${found.size}.${found.mtimeNs}.${found.ctimeNs}`;
  }

  async putArchive(bytes: Uint8Array): Promise<ContentHash> {
    refuseOversize(bytes.byteLength, MAX_ARCHIVE_BYTES);
    const hash = contentHashOf(bytes);
    const path = this.#path(hash, ARCHIVE_FILE);
    // What is already there is trusted no more than anything else on the disk: read, it shows whether it is
    // still the object; a corrupt one is reported instead of being taken for the archive just given.
    if (await this.has(hash)) await this.getArchive(hash);
    else await this.#writing(() => writeDurably(path, bytes, this.#staging));
    return hash;
  }

  async getArchive(hash: ContentHash): Promise<Uint8Array> {
    const bytes = await this.#read(hash, ARCHIVE_FILE, MAX_ARCHIVE_BYTES);
    if (bytes === undefined) throw notFound(hash);
    const actual = contentHashOf(bytes);
    if (actual !== hash) throw corrupt(hash, CORRUPT_HINT, { expected: hash, actual });
    return bytes;
  }

  async putSignature(hash: ContentHash, pem: string): Promise<void> {
    const path = this.#path(hash, SIGNATURE_FILE);
    refuseOversize(Buffer.byteLength(pem), MAX_SIGNATURE_BYTES);
    if (!(await this.has(hash))) throw notFound(hash);
    await this.#writing(() => writeDurably(path, pem, this.#staging));
  }

  async getSignature(hash: ContentHash): Promise<string | undefined> {
    return (await this.#read(hash, SIGNATURE_FILE, MAX_SIGNATURE_BYTES))?.toString("utf8");
  }

  async remove(hash: ContentHash): Promise<void> {
    const folder = this.#folder(hash);
    await this.#writing(async () => {
      await mkdir(this.#staging.folder, { recursive: true });
      const aside = join(this.#staging.folder, this.#staging.name());
      const moved = await rename(folder, aside).then(
        () => true,
        (error: unknown) => {
          if (reasonOf(error) === "ENOENT") return false;
          throw error;
        },
      );
      if (!moved) return;
      await syncFolder(join(this.#root, HASH_FOLDER));
      await rm(aside, { recursive: true, force: true });
    });
  }

  async *list(): AsyncGenerator<ContentHash> {
    const folder = await this.#reading(() => ifThere(opendir(join(this.#root, HASH_FOLDER))));
    if (folder === undefined) return;
    for await (const entry of folder) {
      const hash = contentHashSchema.safeParse(`sha256:${entry.name}`);
      if (hash.success && (await this.has(hash.data))) yield hash.data;
    }
  }

  async #read(hash: ContentHash, name: string, maxBytes: number): Promise<Buffer | undefined> {
    const path = this.#path(hash, name);
    return this.#reading(async () => {
      const size = await sizeOf(path);
      if (size === undefined) return undefined;
      if (size > maxBytes)
        throw corrupt(hash, CORRUPT_HINT, { file: name, bytes: size, allowed_bytes: maxBytes });
      return ifThere(readFile(path));
    });
  }

  #folder(hash: ContentHash): string {
    const checked = contentHashSchema.safeParse(hash);
    if (!checked.success) throw malformed();
    return join(this.#root, HASH_FOLDER, checked.data.slice("sha256:".length));
  }

  #path(hash: ContentHash, name: string): string {
    return join(this.#folder(hash), name);
  }

  async #reading<T>(read: () => Promise<T>): Promise<T> {
    return read().catch((error: unknown) => {
      throw readFailure(error, this.#root);
    });
  }

  async #writing(write: () => Promise<void>): Promise<void> {
    try {
      if (!this.#swept) {
        const time = new Date(this.#clock.now().getTime() - LEFTOVER_AGE_MS);
        await removeOlderThan(this.#staging.folder, time);
        this.#swept = true;
      }
      await write();
    } catch (error) {
      throw writeFailure(error, this.#root);
    }
  }
}

/** In bytes; `undefined` when there is no such file. */
async function sizeOf(path: string): Promise<number | undefined> {
  const found = await ifThere(stat(path));
  return found?.isFile() === true ? found.size : undefined;
}

async function ifThere<T>(found: Promise<T>): Promise<T | undefined> {
  return found.catch((error: unknown) => {
    if (reasonOf(error) === "ENOENT") return undefined;
    throw error;
  });
}
