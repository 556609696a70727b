import type { Decision } from "../../../core/contract/decision.ts";
import type { ExecutionRecord } from "../../../core/contract/execution-record.ts";

export interface ComparedRule {
  readonly rule: string;
  /** Absent: not reached. */
  readonly left: Decision | undefined;
  readonly right: Decision | undefined;
  readonly differs: boolean;
}

/** Both traces rung by rung, in the order of the longer one. */
export function compareTraces(
  left: ExecutionRecord["trace"],
  right: ExecutionRecord["trace"],
): readonly ComparedRule[] {
  const rules = [...new Set([...left, ...right].map(({ rule }) => rule))];
  return rules.map((rule) => {
    const one = left.find((decision) => decision.rule === rule);
    const other = right.find((decision) => decision.rule === rule);
    const differs =
      one?.outcome !== other?.outcome ||
      one?.code !== other?.code ||
      one?.detail !== other?.detail ||
      one?.source !== other?.source;
    return { rule, left: one, right: other, differs };
  });
}

/** By how much of the left the right is more (or less), in percent; `undefined` where there is nothing to relate to. */
export function changeInPercent(left: number | undefined, right: number | undefined): number | undefined {
  if (left === undefined || right === undefined || left === 0) return undefined;
  return ((right - left) / left) * 100;
}
