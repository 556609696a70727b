import { Buffer } from "node:buffer";
import type { Clock } from "../platform/clock.ts";
import type { SecretBox } from "../platform/secret-box.ts";
import type { Database } from "../store/index.ts";
import type { Secrets } from "./envelope.ts";
import { SecretError } from "./errors.ts";

export interface InstallSecretsOptions {
  database: Database;
  box: SecretBox;
  clock: Clock;
}

/**
 * Owns `tenant_extension_install_secrets`. Synchronous, so that a write joins the caller's transaction.
 * Each value is sealed for its install and key: a row copied elsewhere in the database does not open there.
 */
export type InstallSecrets = ReturnType<typeof createInstallSecrets>;

export function createInstallSecrets({ database, box, clock }: InstallSecretsOptions) {
  const sql = {
    put: database.prepare(
      `INSERT INTO tenant_extension_install_secrets (install_id, key, sealed, updated_at) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at`,
    ),
    remove: database.prepare("DELETE FROM tenant_extension_install_secrets WHERE install_id = ? AND key = ?"),
    keys: database
      .prepare<[string], string>(
        "SELECT key FROM tenant_extension_install_secrets WHERE install_id = ? ORDER BY key",
      )
      .pluck(),
    all: database.prepare<[string], { key: string; sealed: Uint8Array }>(
      "SELECT key, sealed FROM tenant_extension_install_secrets WHERE install_id = ? ORDER BY key",
    ),
  };

  let generation = 0;

  return {
    put(installId: string, key: string, value: string): void {
      const sealed = box.seal(Buffer.from(value, "utf8"), sealContext(installId, key));
      sql.put.run(installId, key, sealed, clock.now().toISOString());
      generation += 1;
    },

    remove: (installId: string, key: string) => void sql.remove.run(installId, key),

    /** Rises whenever this process has set a secret. */
    generation: (): number => generation,

    keys: (installId: string): string[] => sql.keys.all(installId),

    /** Plaintext, for the broker alone. Errors: `secret_unreadable`, naming the key. */
    open(installId: string): Secrets {
      const secrets = new Map<string, string>();
      for (const { key, sealed } of sql.all.all(installId)) secrets.set(key, openOne(installId, key, sealed));
      return secrets;
    },
  };

  function openOne(installId: string, key: string, sealed: Uint8Array): string {
    try {
      return Buffer.from(box.open(sealed, sealContext(installId, key))).toString("utf8");
    } catch (cause) {
      throw new SecretError({
        code: "secret_unreadable",
        kind: "environment",
        message: `The secret ${key} cannot be opened with this workbench's key.`,
        details: { install_id: installId, key, box: box.kind },
        hint: "Restore the key with which it was sealed, or set the secret again.",
        cause,
      });
    }
  }
}

function sealContext(installId: string, key: string): string {
  return `install-secret:${installId}:${key}`;
}
