import type { HostInterface } from "./dispatcher.ts";
import type { RunnerScope } from "./runner-scope.ts";
import { refuse } from "./unserved.ts";

/** Linked, and refused even when granted: this runner has no data to answer from yet. */
export const clients: HostInterface<"clients", RunnerScope> = {
  listClients: () => refuse("not-allowed"),
  getClient: () => refuse("not-allowed"),
};
