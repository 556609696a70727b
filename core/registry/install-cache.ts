import type { InstalledExtension } from "../contract/install.ts";
import { deepFreeze } from "../platform/deep-freeze.ts";
import { type Database, type Revision, rememberReads } from "../store/index.ts";

const MAX_CACHED_INSTALLS = 1_000;
/** In neither half of a key: a tenant's id is ours. */
const SEPARATOR = "\n";

type Find = (tenantId: string, ref: string) => InstalledExtension | undefined;

/** Remembers what calls resolve. Not unsigned installs: they depend on the tenant's policy, which is not the registry's. */
export function createInstallCache(database: Database, revision: Revision, find: Find): Find {
  const remembered = rememberReads(
    { database, revision, max: MAX_CACHED_INSTALLS, keeps: ({ signed }: InstalledExtension) => signed },
    (key) => {
      const end = key.indexOf(SEPARATOR);
      const found = find(key.slice(0, end), key.slice(end + 1));
      return found?.signed === true ? deepFreeze(found) : found;
    },
  );
  return (tenantId, ref) => remembered(`${tenantId}${SEPARATOR}${ref}`);
}
