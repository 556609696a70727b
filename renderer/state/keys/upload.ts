import { z } from "zod";
import { MAX_ARCHIVE_BYTES } from "../../../core/contract/limits.ts";
import { UPLOAD_PART_BYTES } from "../../../core/contract/rpc/keys.ts";
import type { RpcClient } from "../../client.ts";
import { ClientError } from "../failure.ts";

/** A `File` of the browser, as far as it is needed. */
export interface LocalFile {
  readonly name: string;
  readonly size: number;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
  text(): Promise<string>;
}

export interface UploadOptions {
  readonly signal: AbortSignal;
  /** From 0 to 1. */
  onProgress?(share: number): void;
}

/** Sends a bundle file to the host in parts and answers the id under which the host keeps it for a while. */
export async function uploadBundle(
  client: Pick<RpcClient, "call">,
  file: LocalFile,
  { signal, onProgress }: UploadOptions,
): Promise<string> {
  if (file.size === 0 || file.size > MAX_ARCHIVE_BYTES) throw unfit(file);
  let uploadId: string | undefined;
  for (let offset = 0; offset < file.size; offset += UPLOAD_PART_BYTES) {
    const end = Math.min(file.size, offset + UPLOAD_PART_BYTES);
    const bytes = await bytesOf(file, offset, end);
    signal.throwIfAborted();
    const answer = await client.call(
      "bundles.upload",
      {
        ...(uploadId === undefined ? {} : { upload_id: uploadId }),
        size: file.size,
        offset,
        part_b64: z.util.uint8ArrayToBase64(bytes),
      },
      signal,
    );
    uploadId = answer.upload_id;
    onProgress?.(end / file.size);
  }
  return uploadId ?? "";
}

async function bytesOf(file: LocalFile, start: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(await file.slice(start, end).arrayBuffer().catch(unreadable(file)));
  if (bytes.byteLength !== end - start) throw changed(file);
  return bytes;
}

/** Whole, for small files such as keys. */
export async function base64OfFile(file: LocalFile): Promise<string> {
  return z.util.uint8ArrayToBase64(await bytesOf(file, 0, file.size));
}

function unreadable(file: LocalFile) {
  return (cause: unknown): never => {
    throw new ClientError(
      {
        kind: "refused",
        code: "file_unreadable",
        message: `${file.name} cannot be read.`,
        hint: "Check that it is still there and that you may read it, then choose it again.",
      },
      cause,
    );
  };
}

function changed(file: LocalFile): ClientError {
  return new ClientError({
    kind: "refused",
    code: "file_changed",
    message: `${file.name} changed while it was read.`,
    hint: "Choose it again.",
  });
}

function unfit(file: LocalFile): ClientError {
  return new ClientError({
    kind: "refused",
    code: file.size === 0 ? "file_empty" : "archive_too_large",
    message:
      file.size === 0
        ? `${file.name} is empty.`
        : `${file.name} is larger than a bundle may be, ${MAX_ARCHIVE_BYTES / 2 ** 20} MiB.`,
    hint: "Choose a bundle that `workbench pack` wrote.",
  });
}
