import type { Decision } from "./decision.ts";
import type { Usage } from "./execute.ts";
import type { ExecutionRecord } from "./execution-record.ts";

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

const FIGURES = [
  "duration_ms",
  "fuel",
  "memory_bytes",
  "egress_bytes",
  "host_calls",
  "log_lines",
] as const satisfies readonly (keyof Usage)[];
export type ComparedFigureName = (typeof FIGURES)[number];

export interface ComparedFigure {
  readonly what: ComparedFigureName;
  readonly left: number | undefined;
  readonly right: number | undefined;
  readonly differs: boolean;
  /** By how much of the left the right is more, or less; absent where there is nothing to relate to. */
  readonly change_percent?: number;
}

export function compareFigures(left: Usage | undefined, right: Usage | undefined): readonly ComparedFigure[] {
  return FIGURES.map((what) => {
    const [one, other] = [left?.[what], right?.[what]];
    const isRelated = one !== undefined && other !== undefined && one !== 0;
    return {
      what,
      left: one,
      right: other,
      differs: one !== other,
      ...(isRelated ? { change_percent: ((other - one) / one) * 100 } : {}),
    };
  });
}

/** One line of a comparison as the command line answers it. */
export interface ComparedLine {
  /** `request`, `outcome`, `content_hash`, the name of a figure, or of a rule. */
  readonly what: string;
  readonly left?: string | number | undefined;
  readonly right?: string | number | undefined;
  readonly differs: boolean;
  readonly change_percent?: number;
}

/** Two executions line by line: what was asked, how it ended, what it used and what was decided. */
export function compareExecutions(left: ExecutionRecord, right: ExecutionRecord): readonly ComparedLine[] {
  const line = (what: string, of: (execution: ExecutionRecord) => string): ComparedLine => {
    const [one, other] = [of(left), of(right)];
    return { what, left: one, right: other, differs: one !== other };
  };
  return [
    line("request", ({ method, path }) => `${method} ${path}`),
    line("outcome", ({ outcome, status, code }) => [status ?? outcome, code].filter(Boolean).join(" ")),
    line("content_hash", ({ content_hash }) => content_hash),
    ...compareFigures(left.usage, right.usage),
    ...compareTraces(left.trace, right.trace).map(({ rule, left: one, right: other, differs }) => ({
      what: rule,
      left: one && verdict(one),
      right: other && verdict(other),
      differs,
    })),
  ];
}

function verdict({ outcome, detail }: Decision): string {
  return `${outcome}: ${detail}`;
}
