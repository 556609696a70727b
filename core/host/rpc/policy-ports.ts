import type { Answers } from "./keys-ports.ts";

/** Decisions asked for without a call. */
export interface PolicyPort {
  explain: Answers<"policy.explain">;
  test: Answers<"policy.test">;
}
