import type { Header } from "../contract/execute.ts";
import { gatewayStatus } from "../contract/gateway-errors.ts";
import type { InstalledExtension } from "../contract/install.ts";
import type { ExplainedDecision, PolicyExplanation } from "../contract/policy-explanation.ts";
import type { Caller, CredentialFacts } from "./caller.ts";
import { RULES, type Rule, type Rung, type Verdict } from "./decision.ts";
import { IDEMPOTENCY_SOURCE, idempotencyKey } from "./idempotency.ts";
import {
  CONCURRENCY_LADDER,
  IDEMPOTENCY_LADDER,
  IDENTITY_LADDER,
  INSTALL_LADDER,
  QUOTA_LADDER,
  RATE_LADDER,
  REQUEST_LADDER,
  ROUTE_LADDER,
} from "./ladders.ts";
import type { ResolvedLimits } from "./limits.ts";
import type { ScopedTake } from "./rate.ts";
import { remedyOf } from "./remedy.ts";
import { headerBytes } from "./request-headers.ts";
import type { RequestPath } from "./request-path.ts";
import type { ConcurrencyFacts, QuotaFacts } from "./usage-limits.ts";

/** Everything that can be known of a call before it is made. */
export interface CallFacts {
  readonly credential: CredentialFacts["credential"];
  readonly caller: Caller | undefined;
  readonly claimedTenants: readonly string[];
  /** `undefined` when the tenant has no such extension. */
  readonly install: InstalledExtension | undefined;
  readonly method: string;
  readonly target: RequestPath;
  readonly headers: readonly Header[];
  readonly bodyBytes: number;
  /** Absent where nothing is known of use so far: the rules over it are then `unknown`. */
  readonly use?: CallUse | undefined;
}

/** What has been used when the call comes. */
export interface CallUse {
  readonly limits: ResolvedLimits;
  readonly takes: readonly ScopedTake[];
  readonly slots: ConcurrencyFacts["slots"];
  readonly windows: QuotaFacts["windows"];
}

/** Judged by what the extension answers, and by nothing before. */
const AFTERWARDS: readonly Rule[] = ["execute", "response_status", "response_size", "response_headers"];

/**
 * Asks every rule of the ladder what it says of one call, in order and past a refusal, so that a developer mends all
 * of them at once. The rules are the gateway's own functions; nothing is reserved, spent or executed.
 */
export function explainCall(facts: CallFacts): PolicyExplanation {
  const verdicts = new Map(verdictsOf(facts).map((verdict) => [verdict.rule, verdict]));
  const decisions = RULES.map((rule): ExplainedDecision => {
    const verdict = verdicts.get(rule);
    return verdict === undefined ? unknown(rule, facts) : explained(verdict, facts);
  });
  const first = decisions.find(({ outcome }) => outcome === "deny");
  return {
    allowed: first === undefined,
    ...(first === undefined
      ? {}
      : {
          refused_by: first.rule,
          ...(first.code === undefined ? {} : { code: first.code }),
          ...(first.status === undefined ? {} : { status: first.status }),
        }),
    decisions,
  };
}

function verdictsOf(facts: CallFacts): Verdict[] {
  const { caller, install, method, target, use } = facts;
  const identity = askAll(IDENTITY_LADDER, facts);
  if (caller === undefined) return identity;
  const found = [...identity, ...askAll(INSTALL_LADDER, { install })];
  if (install === undefined) return found;
  const { user, system } = caller;
  const route = askAll(ROUTE_LADDER, {
    install,
    method,
    target,
    user,
    system,
  });
  return [...found, ...route, ...(use === undefined ? [] : usageVerdicts(facts, caller, use))];
}

function usageVerdicts({ method, headers, bodyBytes }: CallFacts, caller: Caller, use: CallUse): Verdict[] {
  const { limits, takes, slots, windows } = use;
  return [
    ...askAll(REQUEST_LADDER, {
      limits,
      headers,
      headerBytes: headerBytes(headers),
      body: { state: "read" as const, bytes: bodyBytes },
    }),
    // What a key stands for is known when the call comes, with its body.
    ...(idempotencyKey(method, headers, caller) === undefined
      ? askAll(IDEMPOTENCY_LADDER, { known: { state: "no_key" } as const })
      : []),
    ...askAll(RATE_LADDER, { takes }),
    ...askAll(CONCURRENCY_LADDER, { slots, queue: "none", waitedMs: 0 }),
    ...askAll(QUOTA_LADDER, { windows }),
  ];
}

function askAll<Facts>(ladder: readonly Rung<Facts>[], facts: Facts): Verdict[] {
  return ladder.map((rung) => rung(facts));
}

function explained(verdict: Verdict, facts: CallFacts): ExplainedDecision {
  const { rule, outcome, detail, source, budgets } = verdict;
  const shared = { rule, outcome, detail, source, ...(budgets === undefined ? {} : { budgets }) };
  if (verdict.outcome === "allow") return shared;
  return {
    ...shared,
    code: verdict.code,
    status: gatewayStatus(verdict.code),
    remedy: remedyOf(verdict, facts),
  };
}

function unknown(rule: Rule, facts: CallFacts): ExplainedDecision {
  const { caller } = facts;
  const why = AFTERWARDS.includes(rule)
    ? "Known once the extension has answered."
    : caller === undefined
      ? "Not asked: nobody knows on whose behalf."
      : rule === "idempotency"
        ? "Known when the call comes: what its key stands for."
        : "Not asked: a rule before it leaves nothing to ask about.";
  return { rule, outcome: "unknown", detail: why, source: sourceOfUnknown(rule, facts) };
}

/** Where the rule comes from that will be asked; of one that nothing is known to ask about, that is not known either. */
function sourceOfUnknown(rule: Rule, { use }: CallFacts): string {
  switch (rule) {
    case "execute":
      return "runner";
    case "response_status":
    case "response_headers":
      return "default";
    case "idempotency":
      return IDEMPOTENCY_SOURCE;
    case "response_size":
      return use?.limits.response_body_bytes.source ?? "unknown";
    default:
      return "unknown";
  }
}
