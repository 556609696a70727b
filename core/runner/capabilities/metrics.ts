import type { HostInterface } from "./dispatcher.ts";
import { HostRefusal } from "./host-outcome.ts";
import type { RunnerScope } from "./runner-scope.ts";

/** The WIT function has no error to answer with: what the host does not keep is dropped, and the log says why. */
export const metrics: HostInterface<"metrics", RunnerScope> = {
  async record(scope, name, kind, value, labels) {
    try {
      const dropped = await scope.askHost("metrics.record", { name, kind, value, labels });
      if (typeof dropped === "string") scope.note(dropped);
    } catch (error) {
      if (!(error instanceof HostRefusal)) throw error;
      scope.note(error.message);
    }
  },
};
