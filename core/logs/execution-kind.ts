import type { Database } from "../store/index.ts";

/** What a row's kind is made of; see the table's own words. */
export interface KindFacts {
  readonly tenant_id: string;
  readonly extension_id: string;
  readonly extension_name: string;
  readonly install_id: string;
  readonly version_id: string;
  readonly outcome: string;
  readonly code: string | null;
  readonly status: number | null;
}

const MATCH = `tenant_id = @tenant_id AND extension_id = @extension_id AND extension_name = @extension_name
  AND install_id = @install_id AND version_id = @version_id AND outcome = @outcome AND code = @code
  AND status = @status`;

/**
 * Ids of kinds and paths, made when they are new. Asked within the transaction that uses them and never kept: another
 * process may have removed what nothing used.
 */
export function createDictionaries(database: Database) {
  const findKind = database
    .prepare<[Record<string, string | number>], number>(
      `SELECT id FROM extension_execution_kind WHERE ${MATCH}`,
    )
    .pluck();
  const addKind = database.prepare(
    `INSERT INTO extension_execution_kind
      (tenant_id, extension_id, extension_name, install_id, version_id, outcome, code, status)
     VALUES (@tenant_id, @extension_id, @extension_name, @install_id, @version_id, @outcome, @code, @status)`,
  );
  const findPath = database
    .prepare<[string], number>("SELECT id FROM extension_execution_path WHERE path = ?")
    .pluck();
  const addPath = database.prepare("INSERT INTO extension_execution_path (path) VALUES (?)");
  const addText = database.prepare("INSERT INTO extension_execution_path_text (rowid, path) VALUES (?, ?)");

  return {
    kindOf(facts: KindFacts): number {
      const { tenant_id, extension_name, install_id, version_id, outcome, code, status } = facts;
      const key = {
        tenant_id,
        extension_id: install_id === "" ? "" : facts.extension_id,
        extension_name,
        install_id,
        version_id,
        outcome,
        code: code ?? "",
        status: status ?? 0,
      };
      return findKind.get(key) ?? Number(addKind.run(key).lastInsertRowid);
    },
    pathOf(path: string): number {
      const known = findPath.get(path);
      if (known !== undefined) return known;
      const id = Number(addPath.run(path).lastInsertRowid);
      addText.run(id, path);
      return id;
    },
  };
}
