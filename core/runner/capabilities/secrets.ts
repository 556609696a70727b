import type { HostInterface } from "./dispatcher.ts";
import { HostRefusal } from "./host-outcome.ts";
import type { RunnerScope } from "./runner-scope.ts";

/** Values reach the guest and nothing else: not a log line, not an error. */
export const secrets: HostInterface<"secrets", RunnerScope> = {
  get(scope, key) {
    const value = scope.secrets().get(String(key));
    if (value === undefined) throw new HostRefusal("missing");
    return value;
  },
  /** The WIT function has no error to answer with: an envelope that does not open lists nothing. */
  listKeys(scope) {
    try {
      return [...scope.secrets().keys()].sort();
    } catch (error) {
      if (error instanceof HostRefusal) return [];
      throw error;
    }
  },
};
