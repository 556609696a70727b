import {
  type EgressRefusal,
  MAX_REFUSED_TARGETS_AN_INSTALL,
  type RefusedEgress,
} from "../contract/egress-refusal.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../store/index.ts";

export interface RefusalBook {
  /** Adds what one execution was refused. An install that is gone has no refusals. */
  add(of: { installId: string; executionId: string }, refused: readonly RefusedEgress[]): void;
  /** Those of the last time first. */
  list(installId: string): EgressRefusal[];
  /** @returns how many targets were forgotten */
  forget(installId: string): number;
}

/** Owns `extension_egress_refusal`. */
export function createRefusalBook({ database, clock }: { database: Database; clock: Clock }): RefusalBook {
  const upsert = database.prepare(
    `INSERT INTO extension_egress_refusal
       (install_id, host, port, rule, count, first_at, last_at, last_execution_id)
     SELECT @installId, @host, @port, @rule, @count, @at, @at, @executionId
     FROM tenant_extension_install WHERE id = @installId
     ON CONFLICT (install_id, host, port, rule) DO UPDATE SET
       count = count + excluded.count, last_at = excluded.last_at, last_execution_id = excluded.last_execution_id`,
  );
  const removeOldest = database.prepare(
    `DELETE FROM extension_egress_refusal WHERE install_id = @installId AND (host, port, rule) IN (
       SELECT host, port, rule FROM extension_egress_refusal WHERE install_id = @installId
       ORDER BY last_at DESC LIMIT -1 OFFSET ${MAX_REFUSED_TARGETS_AN_INSTALL})`,
  );
  const select = database.prepare<[string], EgressRefusal>(
    `SELECT host, port, rule, count, first_at, last_at, last_execution_id FROM extension_egress_refusal
     WHERE install_id = ? ORDER BY last_at DESC, host, port, rule`,
  );
  const remove = database.prepare("DELETE FROM extension_egress_refusal WHERE install_id = ?");

  return {
    add: database.transaction((of: Parameters<RefusalBook["add"]>[0], refused: readonly RefusedEgress[]) => {
      const at = clock.now().toISOString();
      for (const target of refused) upsert.run({ ...of, ...target, at });
      removeOldest.run({ installId: of.installId });
    }).immediate,
    list: (installId) => select.all(installId),
    forget: (installId) => remove.run(installId).changes,
  };
}
