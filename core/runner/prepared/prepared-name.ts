import { z } from "zod";
import type { ContentHash } from "../../contract/content-hash.ts";

/** SHA-256 of a component's own bytes, in lowercase hex. */
export const componentHashSchema = z.string().regex(/^[0-9a-f]{64}$/);
export type ComponentHash = z.infer<typeof componentHashSchema>;

/** What the reference of a bundle is asked for by; the version of what prepares belongs to the store. */
export interface PreparedBundleName {
  readonly contentHash: ContentHash;
  /** The most that any invocation may have is part of the rewritten modules. */
  readonly maxMemoryMb: number;
}

/** What the prepared form of a component is asked for by, whichever bundles hold the component. */
export interface PreparedComponentName {
  readonly component: ComponentHash;
  readonly maxMemoryMb: number;
}
