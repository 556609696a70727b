import { createHash } from "node:crypto";
import type { ContentHash } from "../contract/content-hash.ts";

/** SHA-256 over an archive's bytes, as `sha256:` and 64 lowercase hex digits. The name of a bundle everywhere. */
export function contentHashOf(bytes: Uint8Array): ContentHash {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
