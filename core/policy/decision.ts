import type { Budget, Decision } from "../contract/decision.ts";
import type { GatewayErrorCode } from "../contract/gateway-errors.ts";
import type { LimitName } from "../contract/limit-catalogue.ts";

/** The rules of a call, in the order in which they are asked. */
export const RULES = [
  "authenticate",
  "tenant",
  "install",
  "version",
  "endpoint",
  "caller",
  "request_size",
  "request_headers",
  "idempotency",
  "rate",
  "concurrency",
  "quota",
  "execute",
  "response_status",
  "response_size",
  "response_headers",
] as const;
export type Rule = (typeof RULES)[number];

export interface Allowance extends Decision {
  readonly rule: Rule;
  readonly outcome: "allow";
}

export interface Denial extends Decision {
  readonly rule: Rule;
  readonly outcome: "deny";
  readonly code: GatewayErrorCode;
  /** After how long the same call may be allowed; only where waiting helps. */
  readonly retry_after_ms?: number;
}

export type Verdict = Allowance | Denial;

/** One pure question: facts in, allow or deny out. Never reads a clock, a store or the network. */
export type Rung<Facts> = (facts: Facts) => Verdict;

export interface Evaluation {
  /** Every question asked, the refusal last. */
  readonly trace: readonly Verdict[];
  readonly refusal: Denial | undefined;
}

/** @param source where the rule comes from: `manifest:…`, `install:…`, `tenant:…`, `runner`, `request:…`, `default`. */
export function allow(
  rule: Rule,
  detail: string,
  source = "default",
  budgets?: readonly Budget[],
): Allowance {
  return { rule, outcome: "allow", detail, source, ...(budgets === undefined ? {} : { budgets }) };
}

/** Of one call of an install. */
export function budgetOf(name: LimitName, limit: number, used: number): Budget {
  return { name, scope: "install", limit, used, remaining: Math.max(0, limit - used) };
}

interface DenialExtras {
  /** Only where waiting helps. */
  readonly retryAfterMs?: number;
  readonly budgets?: readonly Budget[];
}

export function deny(
  rule: Rule,
  code: GatewayErrorCode,
  detail: string,
  source = "default",
  { retryAfterMs, budgets }: DenialExtras = {},
): Denial {
  return {
    rule,
    outcome: "deny",
    code,
    detail,
    source,
    ...(retryAfterMs === undefined ? {} : { retry_after_ms: Math.max(0, Math.ceil(retryAfterMs)) }),
    ...(budgets === undefined ? {} : { budgets }),
  };
}

/** Asks each rung in order and stops at the first refusal. */
export function decide<Facts>(ladder: readonly Rung<Facts>[], facts: Facts): Evaluation {
  const trace: Verdict[] = [];
  for (const rung of ladder) {
    const verdict = rung(facts);
    trace.push(verdict);
    if (verdict.outcome === "deny") return { trace, refusal: verdict };
  }
  return { trace, refusal: undefined };
}
