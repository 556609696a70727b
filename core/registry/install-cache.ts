import type { InstalledExtension } from "../contract/install.ts";
import { deepFreeze } from "../platform/deep-freeze.ts";
import type { Database } from "../store/index.ts";
import type { Revision } from "./revision.ts";

const MAX_CACHED_INSTALLS = 1_000;

type Find = (tenantId: string, ref: string) => InstalledExtension | undefined;

/**
 * Remembers what calls resolve, until anything of it may have changed. Not remembered: what a transaction reads (it may
 * be rolled back), unsigned installs (they depend on the tenant's policy, which is not the registry's) and misses
 * (their names are the caller's, and endless).
 */
export function createInstallCache(database: Database, revision: Revision, find: Find): Find {
  const known = new Map<string, InstalledExtension>();
  let seen = "";
  return (tenantId, ref) => {
    if (database.inTransaction) return find(tenantId, ref);
    // Asked before the row is read: a change in between makes the entry old, never young.
    const now = revision.current();
    if (now !== seen || known.size >= MAX_CACHED_INSTALLS) {
      known.clear();
      seen = now;
    }
    const key = `${tenantId}\n${ref}`;
    const remembered = known.get(key);
    if (remembered) return remembered;
    const found = find(tenantId, ref);
    if (found?.signed) known.set(key, deepFreeze(found));
    return found;
  };
}
