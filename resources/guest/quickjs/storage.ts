/**
 * This engine's binding passes a 64-bit revision as a number and insists on every optional argument.
 * The published types say bigint and optional: extensions written to them see what they expect.
 */

import type { StorageEntry } from "alga:extension/types";
import * as raw from "engine:alga:extension/storage";

type RawEntry = Omit<StorageEntry, "revision"> & { revision?: number | bigint | null };

const put64 = raw.put as (entry: RawEntry) => RawEntry;
const fromEngine = (entry: RawEntry): StorageEntry => ({
  ...entry,
  revision: entry.revision == null ? undefined : BigInt(entry.revision),
});

export const get = (namespace: string, key: string): StorageEntry => fromEngine(raw.get(namespace, key));
export const put = (entry: StorageEntry): StorageEntry =>
  fromEngine(put64({ ...entry, revision: entry.revision == null ? undefined : Number(entry.revision) }));
export const listEntries = (namespace: string, cursor?: string): StorageEntry[] =>
  raw.listEntries(namespace, cursor).map(fromEngine);
const remove = (namespace: string, key: string): void => raw.delete(namespace, key);

export { remove as delete };
