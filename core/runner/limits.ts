import { KIB, MIB } from "../contract/limits.ts";

/** Host calls of one execution, local ones included. The deadline ends what stays below. */
export const MAX_HOST_CALLS = 50_000;
/** Table elements of one instance over all its tables. */
export const MAX_TABLE_ELEMENTS = 1_000_000;
/** Arguments of one host call: above the largest body that any of them takes. More would fill the main thread's heap. */
export const MAX_HOST_CALL_BYTES = 16 * MIB;
/** Headers of a response as they leave the worker, before they are judged. */
export const MAX_RAW_HEADER_BYTES = 256 * KIB;
