import { z } from "zod";
import { KIB, MIB } from "./limits.ts";

/*
 * The journal of one execution: what it asked of its host, in order, and what it was answered.
 *
 * Values are JSON as they stand, except for tagged records with one key:
 * `{"$bytes": {"text"} | {"base64"}}` bytes · `{"$integer": "18446744073709551615"}` an integer of 64 bits ·
 * `{"$number": "NaN"}` what JSON has no number for · `{"$absent": true}` an absent option inside a list ·
 * `{"$digest": {…}}` a value of which only size and digest are kept. No record of the world has such a key.
 */

/** Calls of one execution that are recorded; further ones are counted. */
export const MAX_JOURNAL_CALLS = 1_000;
/** Encoded arguments or result of one call; above it the value is kept as size and digest. */
export const MAX_RECORDED_VALUE_BYTES = 256 * KIB;
/** All encoded values of one journal; what comes later is kept as size and digest. */
export const MAX_JOURNAL_BYTES = 2 * MIB;
/** Readings of the wall clock that are recorded; an execution that reads more cannot be replayed. */
export const MAX_RECORDED_CLOCK_READINGS = 10_000;

/** `full`: values as they are, for development tenants; `digest`: bodies and results as size and digest. */
export const journalModeSchema = z.enum(["full", "digest"]);
export type JournalMode = z.infer<typeof journalModeSchema>;

export const recordedDigestSchema = z.object({
  $digest: z.object({
    /**
     * `secret`: SHA-256 over the execution's id, a zero byte and the value, so that a guessable secret cannot be
     * looked up; the others: SHA-256 over the bytes, the UTF-8 text or the JSON of the value, secrets in it replaced.
     * Of a `text` over a cap that the guest's thread did not hand over as a whole, over its beginning alone.
     */
    kind: z.enum(["bytes", "text", "value", "secret"]),
    /** Bytes. */
    size: z.number().int().nonnegative(),
    /** Hex. */
    sha256: z.string(),
  }),
});
export type RecordedDigest = z.infer<typeof recordedDigestSchema>;

const halvesSchema = z.array(z.enum(["arguments", "result"])).optional();

export const hostCallRecordSchema = z.object({
  /** From 1, in the order in which the extension called. */
  sequence: z.number().int().positive(),
  /** WIT interface without its package, such as `storage`. */
  interface: z.string().max(128),
  /** In JavaScript's spelling, such as `listEntries`. */
  function: z.string().max(128),
  arguments: z.array(z.unknown()),
  /** `unfinished`: the execution ended before the answer was there. */
  outcome: z.enum(["value", "refusal", "trap", "unfinished"]),
  /** What was returned; absent where the function returns nothing. */
  result: z.unknown().optional(),
  /** The interface's own error case, or the execution's error code of a trap. */
  code: z.string().max(128).optional(),
  /** Why, in the host's words. */
  message: z.string().max(1_024).optional(),
  /** From the execution's start, microseconds resolved. */
  start_ms: z.number(),
  duration_ms: z.number().nonnegative(),
  /** Where a value was over a cap and is kept as size and digest. */
  truncated: halvesSchema,
  /** Where a secret's value stood and was replaced. */
  redacted: halvesSchema,
});
export type HostCallRecord = z.infer<typeof hostCallRecordSchema>;

export const executionJournalSchema = z.object({
  mode: journalModeSchema,
  calls: z.array(hostCallRecordSchema).max(MAX_JOURNAL_CALLS),
  /** Calls beyond `MAX_JOURNAL_CALLS`. */
  dropped: z.number().int().nonnegative(),
  /** Readings of the wall clock in milliseconds since the epoch, in order; absent where they were not reported. */
  wall_clock_ms: z.array(z.number()).max(MAX_RECORDED_CLOCK_READINGS).optional(),
  /** Seed of the execution's randomness; recorded in mode `full` only. */
  random_seed_b64: z.string().max(128).optional(),
});
export type ExecutionJournal = z.infer<typeof executionJournalSchema>;

/** Runs a request again with recorded answers: no host call, no egress, no log line leaves the execution. */
export const replayInputSchema = z.object({
  /** Of the recorded execution; its secrets' digests were made with it. */
  execution_id: z.string().min(1).max(128),
  calls: z.array(hostCallRecordSchema).max(MAX_JOURNAL_CALLS),
  wall_clock_ms: z.array(z.number()).max(MAX_RECORDED_CLOCK_READINGS),
  random_seed_b64: z.string().max(128),
});
export type ReplayInput = z.infer<typeof replayInputSchema>;
