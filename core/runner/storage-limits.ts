import { KIB, MIB } from "../contract/limits.ts";

export const MAX_NAMESPACE_BYTES = 128;
export const MAX_KEY_BYTES = 1 * KIB;
export const MAX_VALUE_BYTES = 1 * MIB;
/** Of one install, over all namespaces. */
export const MAX_ENTRIES = 100_000;
/** Keys and values of one install, over all namespaces. */
export const MAX_STORED_BYTES = 100 * MIB;
export const PAGE_ENTRIES = 100;
/** A page ends with the entry that crosses this, so that every page makes progress. */
export const PAGE_BYTES = 4 * MIB;
