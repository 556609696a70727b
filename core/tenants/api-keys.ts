import { Buffer } from "node:buffer";
import { hash } from "node:crypto";
import type { Clock } from "../platform/clock.ts";
import type { Ids } from "../platform/ids.ts";
import type { SecretBox } from "../platform/secret-box.ts";
import type { Database, PrepareWrite } from "../store/index.ts";
import { TenantError } from "./errors.ts";

/** Tells a reader, and a secret scanner, what the string is. */
const KEY_PREFIX = "ewk_";
const KEY_RANDOM_BYTES = 32;
const MAX_KEY_CHARACTERS = 256;

export interface ApiKeyOwner {
  readonly tenant_id: string;
  readonly persona_id: string;
}

/**
 * Owns `api_key`. Found by SHA-256, so the time of a look-up tells nothing about the key; kept sealed besides,
 * because a development tool must be able to show it again.
 */
export type ApiKeys = ReturnType<typeof createApiKeys>;

export function createApiKeys({
  database,
  prepareWrite,
  box,
  clock,
  ids,
}: {
  database: Database;
  prepareWrite: PrepareWrite;
  box: SecretBox;
  clock: Clock;
  ids: Ids;
}) {
  const sql = {
    add: prepareWrite(
      "INSERT INTO api_key (id, tenant_id, persona_id, sha256, sealed, created_at) VALUES (?, ?, ?, ?, ?, ?)",
    ),
    owner: database.prepare<[string], ApiKeyOwner>(
      "SELECT tenant_id, persona_id FROM api_key WHERE sha256 = ?",
    ),
    ofPersona: database.prepare<[string], { id: string; sealed: Uint8Array }>(
      "SELECT id, sealed FROM api_key WHERE persona_id = ? ORDER BY rowid DESC LIMIT 1",
    ),
  };

  return {
    create(owner: ApiKeyOwner): string {
      const id = ids.uuid();
      const key = `${KEY_PREFIX}${ids.token(KEY_RANDOM_BYTES)}`;
      const sealed = box.seal(Buffer.from(key, "utf8"), sealContext(id));
      sql.add.run(
        id,
        owner.tenant_id,
        owner.persona_id,
        hash("sha256", key, "hex"),
        sealed,
        clock.now().toISOString(),
      );
      return key;
    },

    /** What a key is found by; `undefined` for what is too long for a key. `key` is untrusted. */
    hashOf: (key: string): string | undefined =>
      key.length > MAX_KEY_CHARACTERS ? undefined : hash("sha256", key, "hex"),

    owner: (keyHash: string): ApiKeyOwner | undefined => sql.owner.get(keyHash),

    /** The persona's newest key in plaintext. Errors: `api_key_unreadable`. */
    reveal(personaId: string): string | undefined {
      const row = sql.ofPersona.get(personaId);
      if (!row) return undefined;
      try {
        return Buffer.from(box.open(row.sealed, sealContext(row.id))).toString("utf8");
      } catch (cause) {
        throw new TenantError({
          code: "api_key_unreadable",
          kind: "environment",
          message: "The API key cannot be opened with this workbench's key.",
          details: { box: box.kind },
          hint: "Restore the key file or passphrase with which this home folder was made.",
          cause,
        });
      }
    },
  };
}

function sealContext(id: string): string {
  return `api-key:${id}`;
}
