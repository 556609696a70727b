/** Figures that several parts share. Every limit is named, carries its unit and is tested at its edge. */

export const KIB = 1024;
export const MIB = 1024 * KIB;
export const GIB = 1024 * MIB;

// Reading bundles.
export const MAX_ARCHIVE_BYTES = 200 * MIB;
export const MAX_UNPACKED_BYTES = 1 * GIB;
/** Unpacked bytes may be at most this many times the archive's. */
export const MAX_EXPANSION_RATIO = 100;
export const MAX_ARCHIVE_ENTRIES = 20_000;
export const MAX_ENTRY_PATH_BYTES = 512;
export const MAX_ENTRY_BYTES = 256 * MIB;
export const MAX_MANIFEST_BYTES = 1 * MIB;
export const MAX_SIGNATURE_BYTES = 256 * KIB;

// Calling extensions (defaults; a tenant or an install may override them).
export const DEFAULT_TIMEOUT_MS = 5_000;
export const MAX_TIMEOUT_MS = 120_000;
export const DEFAULT_MEMORY_MB = 256;
export const MAX_MEMORY_MB = 4_096;
export const DEFAULT_FUEL = 10_000_000_000;
/** Beyond it a JavaScript number no longer counts every unit. */
export const MAX_FUEL = Number.MAX_SAFE_INTEGER;
export const DEFAULT_REQUEST_BODY_BYTES = 10 * MIB;
export const DEFAULT_RESPONSE_BODY_BYTES = 10 * MIB;
/** Either way: what the wire between gateway and runner carries as base64. */
export const MAX_BODY_BYTES = 32 * MIB;
export const DEFAULT_HEADER_BYTES = 32 * KIB;
export const DEFAULT_CONCURRENCY = 8;
/** How long a call may wait for a slot; 0: it is refused at once. Not counted against the extension's deadline. */
export const DEFAULT_QUEUE_WAIT_MS = 1_000;
export const MAX_QUEUE_WAIT_MS = 30_000;
export const DEFAULT_RATE_PER_MINUTE = 600;
export const DEFAULT_RATE_BURST = 100;
export const DEFAULT_EGRESS_BYTES_PER_MINUTE = 50 * MIB;
export const DEFAULT_LOG_LINES = 1_000;
export const DEFAULT_LOG_LINE_BYTES = 8 * KIB;
