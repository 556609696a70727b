import { mkdir, opendir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { type ContentHash, contentHashSchema } from "../contract/content-hash.ts";
import { MAX_ARCHIVE_BYTES, MAX_SIGNATURE_BYTES } from "../contract/limits.ts";
import { type Clock, systemClock } from "../platform/clock.ts";
import { contentHashOf } from "../platform/content-hash.ts";
import { type Ids, randomIds } from "../platform/ids.ts";
import { removeOlderThan, type Staging, syncFolder, writeDurably } from "./durable-file.ts";
import { StoreError } from "./errors.ts";
import { readFailure, reasonOf, writeFailure } from "./file-failure.ts";
import type { ObjectStore } from "./objects.ts";

export interface FileObjectStoreOptions {
  readonly clock?: Clock;
  readonly ids?: Ids;
}

const ARCHIVE_FILE = "bundle.tar.zst";
const SIGNATURE_FILE = "SIGNATURE";
const HASH_FOLDER = "sha256";
const STAGING_FOLDER = "staging";

/** Older than any write can take: what lies in the staging folder for so long has lost its writer. */
const LEFTOVER_AGE_MS = 60 * 60 * 1000;

/**
 * Objects as files: `<root>/sha256/<64 hex>/bundle.tar.zst` with `SIGNATURE` beside it.
 *
 * Touches nothing until it is asked to: the runner opens the same folder without the right to write. Paths are
 * made from hashes that have been checked, never from anything else.
 */
export function createFileObjectStore(rootDir: string, options: FileObjectStoreOptions = {}): ObjectStore {
  return new FileObjectStore(rootDir, options.clock ?? systemClock, options.ids ?? randomIds);
}

class FileObjectStore implements ObjectStore {
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
    if (actual !== hash) throw corrupt(hash, { expected: hash, actual });
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
      if (size > maxBytes) throw corrupt(hash, { file: name, bytes: size, allowed_bytes: maxBytes });
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

function refuseOversize(bytes: number, allowedBytes: number): void {
  if (bytes <= allowedBytes) return;
  throw new StoreError({
    code: "object_too_large",
    message: "The object is larger than the store takes.",
    details: { bytes, allowed_bytes: allowedBytes },
  });
}

/** Types keep such a hash out; a path is nothing to leave to types. */
function malformed(): StoreError {
  return new StoreError({
    code: "object_not_found",
    message: "What was asked for is no content hash.",
    details: { expected: "sha256: followed by 64 lowercase hex digits" },
  });
}

function notFound(hash: ContentHash): StoreError {
  return new StoreError({
    code: "object_not_found",
    message: `There is no bundle ${hash} in the store.`,
    details: { content_hash: hash },
  });
}

function corrupt(hash: ContentHash, details: Record<string, unknown>): StoreError {
  return new StoreError({
    code: "object_corrupt",
    kind: "system",
    message: `The stored bundle ${hash} is no longer what was stored.`,
    details: { content_hash: hash, ...details },
    hint: "Remove the object's folder and publish the bundle again; then check the disk.",
  });
}
