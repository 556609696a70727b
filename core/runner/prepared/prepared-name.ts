import type { ContentHash } from "../../contract/content-hash.ts";

/** What an entry is asked for by; the version of what prepares belongs to the store. */
export interface PreparedName {
  readonly contentHash: ContentHash;
  /** The most that any invocation may have is part of the rewritten modules. */
  readonly maxMemoryMb: number;
}
