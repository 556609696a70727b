import type { StorageEntry } from "../../contract/host-calls/storage.ts";
import { HostCallError } from "../../contract/host-calls.ts";
import type { Clock } from "../../platform/clock.ts";
import { type Database, dataVersionOf } from "../../store/index.ts";
import {
  MAX_ENTRIES,
  MAX_KEY_BYTES,
  MAX_NAMESPACE_BYTES,
  MAX_STORED_BYTES,
  MAX_VALUE_BYTES,
  PAGE_BYTES,
  PAGE_ENTRIES,
} from "../storage-limits.ts";

/** The key-value stores of all installs. Every method sees one install only. */
export interface StorageRepository {
  /** @throws HostCallError `missing`. */
  get(installId: string, namespace: string, key: string): StorageEntry;
  /**
   * Answers the entry as stored, with its new revision. With a revision given it is a compare-and-set: `0` means
   * that there must be no entry yet. @throws HostCallError `conflict`, `denied` (a limit).
   */
  put(installId: string, entry: StorageEntry): StorageEntry;
  /** @throws HostCallError `missing`. */
  delete(installId: string, namespace: string, key: string): void;
  /** One page in key order after `cursor`, a key; an empty page is the end. */
  list(installId: string, namespace: string, cursor: string | undefined): StorageEntry[];
}

interface EntryRow {
  readonly key: string;
  readonly value: Buffer;
  readonly revision: bigint;
}

const GET = `SELECT key, value, revision FROM extension_storage WHERE install_id = ? AND namespace = ? AND key = ?`;
const LIST = `SELECT key, value, revision FROM extension_storage
  WHERE install_id = ? AND namespace = ? AND key > ? ORDER BY key LIMIT ${PAGE_ENTRIES}`;
const PUT = `INSERT INTO extension_storage (install_id, namespace, key, value, revision, updated_at)
  VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (install_id, namespace, key)
  DO UPDATE SET value = excluded.value, revision = excluded.revision, updated_at = excluded.updated_at`;
const DELETE = `DELETE FROM extension_storage WHERE install_id = ? AND namespace = ? AND key = ?`;
const TOTALS = `SELECT count(*) AS entries, coalesce(sum(octet_length(namespace) + octet_length(key) + length(value)), 0) AS bytes
  FROM extension_storage WHERE install_id = ?`;

export function createStorageRepository(options: { database: Database; clock: Clock }): StorageRepository {
  const { database, clock } = options;
  const get = database.prepare<[string, string, string], EntryRow>(GET).safeIntegers();
  const list = database.prepare<[string, string, string], EntryRow>(LIST).safeIntegers();
  const put = database.prepare<[string, string, string, Uint8Array, bigint, string]>(PUT);
  const remove = database.prepare<[string, string, string]>(DELETE);
  const totals = createTotals(database);

  const write = database.transaction((installId: string, entry: StorageEntry): StorageEntry => {
    const stored = get.get(installId, entry.namespace, entry.key);
    const current = stored?.revision ?? 0n;
    if (entry.revision !== undefined && entry.revision !== current)
      throw new HostCallError("conflict", `the entry is at revision ${current}, not at ${entry.revision}`);
    refuseOverLimits(entry, stored, totals.of(installId));
    const revision = current + 1n;
    put.run(installId, entry.namespace, entry.key, entry.value, revision, clock.now().toISOString());
    totals.add(
      installId,
      stored === undefined ? 1 : 0,
      sizeOf(entry) - (stored === undefined ? 0 : sizeOf({ ...entry, value: stored.value })),
    );
    return { ...entry, revision };
  });

  return {
    get(installId, namespace, key) {
      const row = get.get(installId, namespace, key);
      if (row === undefined) throw new HostCallError("missing", "no such entry");
      return entryOf(namespace, row);
    },
    // Immediate: the revision is read and written under one lock, also against another process.
    put: (installId, entry) => write.immediate(installId, entry),
    delete(installId, namespace, key) {
      totals.forget(installId);
      if (remove.run(installId, namespace, key).changes === 0)
        throw new HostCallError("missing", "no such entry");
    },
    list(installId, namespace, cursor) {
      const page: StorageEntry[] = [];
      let bytes = 0;
      for (const row of list.iterate(installId, namespace, cursor ?? "")) {
        page.push(entryOf(namespace, row));
        bytes += row.value.byteLength;
        if (bytes > PAGE_BYTES) break;
      }
      return page;
    },
  };
}

function entryOf(namespace: string, row: EntryRow): StorageEntry {
  return { namespace, key: row.key, value: new Uint8Array(row.value), revision: row.revision };
}

function sizeOf(entry: { namespace: string; key: string; value: Uint8Array }): number {
  return Buffer.byteLength(entry.namespace) + Buffer.byteLength(entry.key) + entry.value.byteLength;
}

interface Totals {
  readonly entries: number;
  readonly bytes: number;
}

/** Counting an install's entries reads them all, so the count is kept while nobody else writes the database. */
function createTotals(database: Database) {
  const query = database.prepare<[string], Totals>(TOTALS);
  const others = dataVersionOf(database);
  const known = new Map<string, Totals>();
  let seen: number | undefined;
  return {
    of(installId: string): Totals {
      const version = others();
      if (version !== seen) known.clear();
      seen = version;
      const totals = known.get(installId) ?? query.get(installId) ?? { entries: 0, bytes: 0 };
      known.set(installId, totals);
      return totals;
    },
    add(installId: string, entries: number, bytes: number): void {
      const totals = known.get(installId);
      if (totals !== undefined)
        known.set(installId, { entries: totals.entries + entries, bytes: totals.bytes + bytes });
    },
    forget: (installId: string): void => void known.delete(installId),
  };
}

function refuseOverLimits(entry: StorageEntry, stored: EntryRow | undefined, totals: Totals): void {
  const replaced = stored === undefined ? 0 : sizeOf({ ...entry, value: stored.value });
  const limits = [
    ["namespace", Buffer.byteLength(entry.namespace), MAX_NAMESPACE_BYTES],
    ["key", Buffer.byteLength(entry.key), MAX_KEY_BYTES],
    ["value", entry.value.byteLength, MAX_VALUE_BYTES],
    ["install's storage", totals.bytes + sizeOf(entry) - replaced, MAX_STORED_BYTES],
  ] as const;
  for (const [name, bytes, limit] of limits) {
    if (bytes > limit) throw new HostCallError("denied", `the ${name} would be over ${limit} bytes`);
  }
  if (entry.key === "" || entry.namespace === "")
    throw new HostCallError("denied", "the namespace or the key is empty");
  if (stored === undefined && totals.entries >= MAX_ENTRIES)
    throw new HostCallError("denied", `the install has ${MAX_ENTRIES} entries, which is the most`);
}
