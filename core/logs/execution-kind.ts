import { type Database, dataVersionOf } from "../store/index.ts";

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

/** Ids remembered of each; beyond, all are forgotten. */
const MAX_REMEMBERED = 10_000;

/** Ids of kinds and paths, made when they are new. Asked within the transaction that uses them. */
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
  const others = dataVersionOf(database);
  const findPath = database
    .prepare<[string], number>("SELECT id FROM extension_execution_path WHERE path = ?")
    .pluck();
  const addPath = database.prepare("INSERT INTO extension_execution_path (path) VALUES (?)");
  const addText = database.prepare("INSERT INTO extension_execution_path_text (rowid, path) VALUES (?, ?)");

  const kinds = new Map<string, number>();
  const paths = new Map<string, number>();
  let seen: number | undefined;
  const forget = () => {
    kinds.clear();
    paths.clear();
  };

  function findOrAddKind(facts: KindFacts): number {
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
  }

  function findOrAddPath(path: string): number {
    const known = findPath.get(path);
    if (known !== undefined) return known;
    const id = Number(addPath.run(path).lastInsertRowid);
    addText.run(id, path);
    return id;
  }

  return {
    /** To be called first in each transaction: another process may have removed what nothing used. */
    refresh(): void {
      const version = others();
      if (version !== seen) forget();
      seen = version;
    },
    /** To be called when a transaction was rolled back, or when this process has removed what nothing used. */
    forget,
    kindOf(facts: KindFacts): number {
      const { tenant_id, install_id, extension_name, version_id, outcome, code, status } = facts;
      const key = `${tenant_id}\n${install_id}\n${extension_name}\n${version_id}\n${outcome}\n${code}\n${status}`;
      return remembered(kinds, key, () => findOrAddKind(facts));
    },
    pathOf: (path: string): number => remembered(paths, path, () => findOrAddPath(path)),
  };
}

function remembered(known: Map<string, number>, key: string, find: () => number): number {
  const id = known.get(key) ?? find();
  if (known.size >= MAX_REMEMBERED) known.clear();
  known.set(key, id);
  return id;
}
