import type { HostInterface } from "./dispatcher.ts";
import type { RunnerScope } from "./runner-scope.ts";
import { refuse } from "./unserved.ts";

/** Linked, and refused even when granted: this runner has no data to answer from yet. */
export const uiProxy: HostInterface<"ui-proxy", RunnerScope> = {
  callRoute: () => refuse("denied"),
};
