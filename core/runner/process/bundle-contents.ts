import { readFile } from "node:fs/promises";
import { BundleError, walkArchive } from "../../bundle/reader/index.ts";
import type { ContentHash } from "../../contract/content-hash.ts";
import type { PreparationFailure } from "../../contract/runner-protocol.ts";
import { contentHashOf } from "../../platform/content-hash.ts";
import { BundleLoadError } from "../bundles/errors.ts";
import { objectFiles } from "../bundles/object-files.ts";
import { ComponentError } from "../component/index.ts";
import { MeteringError } from "../metering/index.ts";

/**
 * Files of a bundle. The bytes that the hash names, or nothing: the verdict was over the bytes of that hash.
 * @throws BundleLoadError, BundleError
 */
export async function readBundle(
  objectsDir: string,
  contentHash: ContentHash,
  select: (path: string, size: number) => boolean,
): Promise<Map<string, Uint8Array>> {
  const archive = await readObject(objectFiles(objectsDir, contentHash).archive);
  if (contentHashOf(archive) !== contentHash)
    throw new BundleLoadError("signature_invalid", "the bundle's bytes have changed", "digest_mismatch");
  const files = new Map<string, Uint8Array>();
  await walkArchive(archive, async (entry) => {
    if (select(entry.path, entry.size)) files.set(entry.path, await entry.read());
  });
  return files;
}

/** @throws BundleLoadError `bundle_unavailable`. */
export async function readObject(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch {
    throw new BundleLoadError("bundle_unavailable", "the bundle is not in the store");
  }
}

/** What went wrong with a bundle, as it travels between threads and processes. */
export function preparationFailure(error: unknown): PreparationFailure {
  if (error instanceof BundleLoadError)
    return {
      code: error.code,
      message: error.message,
      ...(error.verificationCode === undefined ? {} : { verification_code: error.verificationCode }),
    };
  if (error instanceof ComponentError || error instanceof MeteringError)
    return { code: "bad_handler", message: `the component cannot run: ${error.message}` };
  if (error instanceof BundleError)
    return {
      code: "signature_invalid",
      verification_code: "archive_invalid",
      message: "the bundle's archive is not sane",
    };
  return { code: "internal", message: "the bundle could not be prepared" };
}
