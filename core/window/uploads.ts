import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { WorkbenchError } from "../contract/errors.ts";
import type { Clock } from "../platform/clock.ts";
import type { Ids } from "../platform/ids.ts";

/** An upload is kept this long after its last part. */
const EXPIRES_MS = 30 * 60_000;
/** The oldest gives way to a new one beyond this many. */
const MAX_UPLOADS = 8;
/** The prefix of the control API's uploads: their sweep takes what a killed host left. */
const FILE_PREFIX = "upload-window-";

interface Upload {
  readonly file: string;
  readonly size: number;
  received: number;
  touchedAt: number;
}

interface Part {
  readonly upload_id?: string | undefined;
  readonly size: number;
  readonly offset: number;
  readonly bytes: Uint8Array;
}

export type WindowUploads = ReturnType<typeof createWindowUploads>;

/**
 * Bundle files that the window sends in parts: a message of the transport is smaller than the largest bundle, and
 * parts are what a progress bar counts.
 */
export function createWindowUploads({ dir, clock, ids }: { dir: string; clock: Clock; ids: Ids }) {
  const uploads = new Map<string, Upload>();

  const discard = async (id: string): Promise<void> => {
    const upload = uploads.get(id);
    uploads.delete(id);
    if (upload) await rm(upload.file, { force: true });
  };
  const makeRoom = async (): Promise<void> => {
    const now = clock.now().getTime();
    const oldestFirst = [...uploads].sort(([, one], [, other]) => one.touchedAt - other.touchedAt);
    for (const [index, [id, upload]] of oldestFirst.entries()) {
      const isOver = index < uploads.size - MAX_UPLOADS + 1;
      if (isOver || upload.touchedAt + EXPIRES_MS <= now) await discard(id);
    }
  };
  const begin = async (size: number): Promise<string> => {
    await makeRoom();
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const id = ids.uuid();
    const file = join(dir, `${FILE_PREFIX}${id}`);
    await writeFile(file, "", { mode: 0o600, flag: "wx" });
    uploads.set(id, { file, size, received: 0, touchedAt: clock.now().getTime() });
    return id;
  };
  const requireUpload = (id: string): Upload => {
    const upload = uploads.get(id);
    if (upload) return upload;
    throw new WorkbenchError({
      code: "upload_not_found",
      message: "There is no such upload, or it has expired.",
      hint: "Choose the file again.",
    });
  };

  return {
    /** Takes the next part; the first one begins the upload. */
    async receive(part: Part): Promise<{ upload_id: string; received: number }> {
      const id = part.upload_id ?? (await begin(part.size));
      const upload = requireUpload(id);
      const end = part.offset + part.bytes.byteLength;
      if (part.size !== upload.size || part.offset !== upload.received || end > upload.size) {
        throw new WorkbenchError({
          code: "size_mismatch",
          message: "The part does not follow on what was received.",
          details: { expected: upload.received, actual: part.offset },
          hint: "Choose the file again.",
        });
      }
      // Counted before the write, so that a second part at the same place finds it taken.
      upload.received = end;
      upload.touchedAt = clock.now().getTime();
      await writeFile(upload.file, part.bytes, { flag: "a" });
      return { upload_id: id, received: end };
    },
    discard,
    /** The whole file. Errors: `upload_not_found`, `size_mismatch` while parts are missing. */
    async read(id: string): Promise<Uint8Array> {
      const upload = requireUpload(id);
      if (upload.received === upload.size) return readFile(upload.file);
      throw new WorkbenchError({
        code: "size_mismatch",
        message: "The upload is not complete.",
        details: { expected: upload.size, actual: upload.received },
      });
    },
  };
}
