import { z } from "zod";
import { headerSchema } from "../contract/execute.ts";
import { KIB, MIB } from "../contract/limits.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../store/index.ts";
import type { ExtensionAnswer } from "./steps/respond.ts";

/** How long an answer is repeated. */
export const KEPT_ANSWER_MS = 24 * 60 * 60 * 1_000;
/** A larger answer is remembered without its body. */
export const MAX_KEPT_BODY_BYTES = MIB;
/** Of one install together; of the oldest beyond it only the fact is remembered. */
const MAX_INSTALL_BODY_BYTES = 64 * MIB;
/** Of one install; the oldest beyond it are forgotten. */
const MAX_INSTALL_KEYS = 100_000;
/** Bounds are looked at after so many answers or bytes or such a time, so that a write does not count what there is. */
const TIDY_AFTER_ANSWERS = 256;
const TIDY_AFTER_BYTES = 8 * MIB;
const TIDY_AFTER_MS = 60 * 60 * 1_000;
/** What a row takes beside its body. */
const ROW_BYTES = KIB;

/** Of whom, for what, and whose turn it is. */
export interface KeyClaim {
  readonly keyDigest: Uint8Array;
  readonly requestDigest: Uint8Array;
  readonly installId: string;
  readonly executionId: string;
  /** After so long without an end the host that took the key is believed dead. */
  readonly leaseMs: number;
}

export type ClaimOutcome =
  | { readonly state: "new" }
  | { readonly state: "answered"; readonly executionId: string; readonly answer: ExtensionAnswer }
  | { readonly state: "not_kept"; readonly executionId: string }
  | { readonly state: "running" }
  | { readonly state: "other_request" };

/** Answers under idempotency keys, in the database: they outlive the host, and two hosts over one home agree. */
export interface KeptAnswers {
  /** Takes the key if it is free. */
  claim(claim: KeyClaim): ClaimOutcome;
  /** Ends a claim with the answer that is repeated from now on. */
  keep(claim: KeyClaim, answer: ExtensionAnswer): void;
  /** Ends a claim without an answer: the next request of the key is executed. */
  release(claim: KeyClaim): void;
}

const rowSchema = z.object({
  request_digest: z.instanceof(Uint8Array),
  execution_id: z.string(),
  state: z.enum(["running", "answered", "not_kept"]),
  status: z.int().nullable(),
  headers: z.string().nullable(),
  body: z.instanceof(Uint8Array).nullable(),
});

const headersSchema = z.array(headerSchema);

export function createKeptAnswers({ database, clock }: { database: Database; clock: Clock }): KeptAnswers {
  const find = database.prepare(
    `SELECT request_digest, execution_id, state, status, headers, body FROM extension_idempotency
     WHERE key_digest = ? AND expires_at > ?`,
  );
  const take = database.prepare(
    `INSERT OR REPLACE INTO extension_idempotency (key_digest, install_id, request_digest, execution_id, state, expires_at)
     VALUES (?, ?, ?, ?, 'running', ?)`,
  );
  const answered = database.prepare(
    `UPDATE extension_idempotency
     SET state = ?, status = ?, headers = ?, body = ?, body_bytes = ?, expires_at = ?
     WHERE key_digest = ? AND execution_id = ?`,
  );
  const forget = database.prepare(
    "DELETE FROM extension_idempotency WHERE key_digest = ? AND execution_id = ? AND state = 'running'",
  );
  const forgetExpired = database.prepare("DELETE FROM extension_idempotency WHERE expires_at <= ?");
  const forgetOldest = database.prepare(
    `DELETE FROM extension_idempotency WHERE state <> 'running' AND install_id = @install AND expires_at <= (
       SELECT expires_at FROM extension_idempotency WHERE install_id = @install
       ORDER BY expires_at DESC LIMIT 1 OFFSET @keys)`,
  );
  const dropOldestBodies = database.prepare(
    `UPDATE extension_idempotency SET state = 'not_kept', headers = NULL, body = NULL, body_bytes = 0
     WHERE state = 'answered' AND key_digest IN (
       SELECT key_digest FROM (
         SELECT key_digest, SUM(body_bytes) OVER (ORDER BY expires_at DESC, key_digest) AS total
         FROM extension_idempotency WHERE install_id = @install AND body_bytes > 0)
       WHERE total > @bytes)`,
  );
  const now = () => clock.now().getTime();
  let answersSinceTidy = 0;
  let bytesSinceTidy = 0;
  let tidiedAt = 0;

  const claim = database.transaction((claim: KeyClaim): ClaimOutcome => {
    const at = now();
    const found = rowSchema.optional().parse(find.get(claim.keyDigest, at));
    if (found === undefined) {
      take.run(claim.keyDigest, claim.installId, claim.requestDigest, claim.executionId, at + claim.leaseMs);
      return { state: "new" };
    }
    const { state, execution_id: executionId, status, headers, body } = found;
    if (!Buffer.from(found.request_digest).equals(claim.requestDigest)) return { state: "other_request" };
    if (state === "running") return { state };
    if (state === "not_kept" || status === null || headers === null)
      return { state: "not_kept", executionId };
    const answer = {
      status,
      headers: headersSchema.parse(JSON.parse(headers)),
      body: body ?? new Uint8Array(),
    };
    return { state, executionId, answer };
  });

  const tidy = (install: string): void => {
    const at = now();
    answersSinceTidy += 1;
    const isDue =
      answersSinceTidy >= TIDY_AFTER_ANSWERS ||
      bytesSinceTidy >= TIDY_AFTER_BYTES ||
      Math.abs(at - tidiedAt) >= TIDY_AFTER_MS;
    if (!isDue) return;
    tidiedAt = at;
    answersSinceTidy = 0;
    bytesSinceTidy = 0;
    forgetExpired.run(at);
    forgetOldest.run({ install, keys: MAX_INSTALL_KEYS });
    dropOldestBodies.run({ install, bytes: MAX_INSTALL_BODY_BYTES });
  };

  const keep = database.transaction((claim: KeyClaim, { status, headers, body }: ExtensionAnswer): void => {
    const isKept = body.byteLength <= MAX_KEPT_BODY_BYTES;
    answered.run(
      isKept ? "answered" : "not_kept",
      status,
      isKept ? JSON.stringify(headers) : null,
      isKept ? body : null,
      isKept ? body.byteLength : 0,
      now() + KEPT_ANSWER_MS,
      claim.keyDigest,
      claim.executionId,
    );
    bytesSinceTidy += ROW_BYTES + (isKept ? body.byteLength : 0);
    tidy(claim.installId);
  });

  return {
    claim: (given) => claim.immediate(given),
    keep: (given, answer) => keep.immediate(given, answer),
    release: ({ keyDigest, executionId }) => void forget.run(keyDigest, executionId),
  };
}
