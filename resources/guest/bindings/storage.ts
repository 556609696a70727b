import * as entries from "alga:extension/storage";
import type { StorageEntry } from "alga:extension/types";
import type { HostBindings } from "../../runtime/index.js";
import { call, caseOf } from "./call.ts";

/** A page at a time until one is empty; a host that ignores the cursor is noticed by the order of the keys. */
function all(namespace: string): StorageEntry[] {
  const found: StorageEntry[] = [];
  let cursor: string | undefined;
  for (;;) {
    const page = call("storage.list", () => entries.listEntries(namespace, cursor));
    const last = page.at(-1);
    if (last === undefined || last.key === cursor || page[0]?.key === found[0]?.key) return found;
    found.push(...page);
    cursor = last.key;
  }
}

export const storage: HostBindings["storage"] = {
  async get(namespace, key) {
    try {
      return entries.get(namespace, key).value;
    } catch (thrown) {
      if (caseOf(thrown) === "missing") return null;
      return call("storage.get", () => {
        throw thrown;
      });
    }
  },
  async put({ namespace, key, value, revision }) {
    const expected = revision == null ? undefined : BigInt(revision);
    call("storage.put", () => entries.put({ namespace, key, value, revision: expected }));
  },
  async delete(namespace, key) {
    call("storage.delete", () => entries.delete(namespace, key));
  },
  list: async (namespace) =>
    all(namespace).map(({ key, value, revision }) => ({
      key,
      value,
      revision: revision == null ? null : Number(revision),
    })),
};
