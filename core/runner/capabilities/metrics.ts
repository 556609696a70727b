import type { HostInterface } from "./dispatcher.ts";
import type { RunnerScope } from "./runner-scope.ts";

/** A granted sample is taken and dropped until something collects it; an extension must not fail over that. */
export const metrics: HostInterface<"metrics", RunnerScope> = {
  record: () => undefined,
};
