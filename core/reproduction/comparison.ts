import { isDeepStrictEqual } from "node:util";
import type { ReproducedOutcome, ReproductionReport } from "../contract/reproduction.ts";

/** What of a call's end is another one; only what was recorded is compared. */
export function outcomeDifferences(
  recorded: ReproducedOutcome,
  actual: ReproducedOutcome,
): ReproductionReport["differences"] {
  const wasAnswered = recorded.status !== undefined;
  return (["outcome", "status", "code", "body"] as const).flatMap((what) => {
    const isKept = what === "body" ? recorded.body !== undefined : wasAnswered || what === "outcome";
    return !isKept || isDeepStrictEqual(recorded[what], actual[what])
      ? []
      : [{ what, expected: recorded[what], actual: actual[what] }];
  });
}
