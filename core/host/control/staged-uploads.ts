import { createHash } from "node:crypto";
import { mkdir, open, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ContentHash } from "../../contract/content-hash.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Ids } from "../../platform/ids.ts";
import { HostError } from "../errors.ts";

/** An upload waits this long to be finalised. */
export const UPLOAD_EXPIRES_MS = 30 * 60_000;
/** The oldest of a tenant's waiting uploads gives way to a new one beyond this many; no more arrive at once either. */
export const MAX_UPLOADS_PER_TENANT = 8;
const FILE_PREFIX = "upload-";
const KEY_BYTES = 32;

interface Upload {
  readonly key: string;
  readonly tenantId: string;
  readonly file: string;
  readonly size: number;
  readonly hash: ContentHash;
  readonly expiresAt: number;
  busy: boolean;
}

/** What the uploader said that it would send. */
interface Declaration {
  readonly tenantId: string;
  readonly size: number;
  readonly hash: ContentHash;
}

export interface StagedUploads {
  /** Streams a body to a file and checks it against its declaration. @returns the key that finalises it */
  receive(body: ReadableStream<Uint8Array> | null, declared: Declaration): Promise<string>;
  /**
   * Hands the archive to `use`. It goes when `use` succeeds and stays for another try when it throws; meanwhile the
   * key is busy. @throws HostError `upload_not_found` for a wrong, expired or another tenant's key
   */
  finalise<T>(key: string, declared: Declaration, use: (archive: Uint8Array) => Promise<T>): Promise<T>;
  /** Removes every waiting upload. */
  dispose(): Promise<void>;
}

export function createStagedUploads(options: { dir: string; clock: Clock; ids: Ids }): StagedUploads {
  const { dir, clock, ids } = options;
  const uploads = new Map<string, Upload>();
  /** Uploads on their way, by tenant. */
  const arriving = new Map<string, number>();

  /** Counts an upload until `work` is done. */
  const whileArriving = async <T>(tenantId: string, work: () => Promise<T>): Promise<T> => {
    const others = arriving.get(tenantId) ?? 0;
    if (others >= MAX_UPLOADS_PER_TENANT) {
      throw new HostError({
        code: "upload_busy",
        message: `${others} uploads of this tenant are arriving already.`,
        hint: "Wait for them to end.",
      });
    }
    arriving.set(tenantId, others + 1);
    try {
      return await work();
    } finally {
      const left = (arriving.get(tenantId) ?? 1) - 1;
      if (left > 0) arriving.set(tenantId, left);
      else arriving.delete(tenantId);
    }
  };

  const discard = async (upload: Upload) => {
    uploads.delete(upload.key);
    await rm(upload.file, { force: true });
  };

  /** Expired uploads of this host, and files that a killed one left. */
  const sweep = async () => {
    const now = clock.now().getTime();
    for (const upload of [...uploads.values()]) {
      if (upload.expiresAt <= now && !upload.busy) await discard(upload);
    }
    const known = new Set([...uploads.values()].map(({ file }) => file));
    for (const name of await readdir(dir)) {
      const file = join(dir, name);
      if (!name.startsWith(FILE_PREFIX) || known.has(file)) continue;
      const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: now }));
      // Another host of the same home may be writing it right now; only an old one is nobody's.
      if (now - mtimeMs > UPLOAD_EXPIRES_MS) await rm(file, { force: true });
    }
  };

  const makeRoom = async (tenantId: string) => {
    // The map is in order of arrival.
    const waiting = [...uploads.values()].filter((upload) => upload.tenantId === tenantId && !upload.busy);
    for (const upload of waiting.slice(0, Math.max(0, waiting.length - MAX_UPLOADS_PER_TENANT + 1))) {
      await discard(upload);
    }
  };

  return {
    receive: async (body, declared) => {
      await mkdir(dir, { recursive: true, mode: 0o700 });
      await sweep();
      await makeRoom(declared.tenantId);
      const key = ids.token(KEY_BYTES);
      const file = join(dir, `${FILE_PREFIX}${ids.uuid()}`);
      try {
        await whileArriving(declared.tenantId, () => writeChecked(file, body, declared));
      } catch (error) {
        await rm(file, { force: true });
        throw error;
      }
      const expiresAt = clock.now().getTime() + UPLOAD_EXPIRES_MS;
      uploads.set(key, { key, ...declared, file, expiresAt, busy: false });
      return key;
    },

    finalise: async (key, declared, use) => {
      const upload = uploads.get(key);
      const isExpired = upload !== undefined && upload.expiresAt <= clock.now().getTime();
      if (upload === undefined || isExpired || upload.tenantId !== declared.tenantId) {
        throw new HostError({
          code: "upload_not_found",
          message: "There is no such upload, or it has expired.",
          hint: "Upload the bundle again.",
        });
      }
      if (upload.busy) {
        throw new HostError({ code: "upload_busy", message: "The upload is being finalised already." });
      }
      if (upload.size !== declared.size) throw sizeMismatch(declared.size, upload.size);
      if (upload.hash !== declared.hash) throw digestMismatch(declared.hash, upload.hash);
      upload.busy = true;
      try {
        const result = await use(await readFile(upload.file));
        await discard(upload);
        return result;
      } finally {
        upload.busy = false;
      }
    },

    dispose: async () => {
      for (const upload of [...uploads.values()]) await discard(upload);
    },
  };
}

/** Stops at the first byte too many. The file is private to this user and must not exist. */
async function writeChecked(
  file: string,
  body: ReadableStream<Uint8Array> | null,
  declared: Declaration,
): Promise<void> {
  const hash = createHash("sha256");
  let size = 0;
  const handle = await open(file, "wx", 0o600);
  try {
    for await (const chunk of body ?? []) {
      size += chunk.byteLength;
      if (size > declared.size) throw sizeMismatch(declared.size, undefined);
      hash.update(chunk);
      await handle.writeFile(chunk);
    }
  } finally {
    await handle.close();
  }
  if (size !== declared.size) throw sizeMismatch(declared.size, size);
  const actual: ContentHash = `sha256:${hash.digest("hex")}`;
  if (actual !== declared.hash) throw digestMismatch(declared.hash, actual);
}

function sizeMismatch(expected: number, actual: number | undefined): HostError {
  return new HostError({
    code: "size_mismatch",
    message: "The upload is not as long as it was said to be.",
    details: { expected, actual: actual ?? "more" },
  });
}

function digestMismatch(expected: string, actual: string): HostError {
  return new HostError({
    code: "digest_mismatch",
    kind: "refused",
    message: "The upload is not the one whose hash was declared.",
    details: { expected, actual },
  });
}
