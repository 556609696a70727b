import type { EgressRule } from "../../contract/egress-refusal.ts";
import type { ExecuteRequest } from "../../contract/execute.ts";
import type { Clock } from "../../platform/clock.ts";
import { HostRefusal, HostTrap } from "../capabilities/host-outcome.ts";
import type { RunnerScope } from "../capabilities/runner-scope.ts";
import type { EgressBudget } from "../egress/egress-budget.ts";
import type { EgressGuard, EgressRequest } from "../egress/egress-guard.ts";
import { EgressError } from "../egress/errors.ts";
import type { HostLink } from "./host-link.ts";

/** Opens a sealed envelope for the execution that it was sealed for. */
export interface EnvelopeOpener {
  /** @throws EnvelopeExpired; anything else when it does not open. */
  open(
    envelope: NonNullable<ExecuteRequest["secret_envelope"]>,
    context: ExecuteRequest["context"],
    now: Date,
  ): ReadonlyMap<string, string>;
}

export class EnvelopeExpired extends Error {}

export interface RunnerScopeOptions {
  readonly request: ExecuteRequest;
  readonly executionId: string;
  readonly host: HostLink;
  readonly envelopes: EnvelopeOpener;
  readonly egress: EgressGuard;
  readonly egressAllowlist: readonly string[];
  readonly budget: EgressBudget;
  readonly clock: Clock;
  /** Aborted when the execution is over, however it ended. */
  readonly signal: AbortSignal;
  onEgressBytes(count: number): void;
  onEgressRefused(url: string, rule: EgressRule): void;
  onNote(message: string): void;
}

/** What one execution reaches through the runner's main thread. */
export function createRunnerScope(options: RunnerScopeOptions): RunnerScope {
  const { request, executionId, host, egress, signal } = options;
  let opened: ReadonlyMap<string, string> | undefined;

  const send = (outgoing: EgressRequest) =>
    egress.fetch(outgoing, {
      allowlist: [...options.egressAllowlist, ...(request.egress_allowlist ?? [])],
      signal,
      budget: options.budget,
      onBytes: (count) => {
        options.budget.spend(count);
        options.onEgressBytes(count);
      },
    });

  return {
    secrets() {
      opened ??= openSecrets(options);
      return opened;
    },
    askHost: async (method, params) => {
      const answer = await host.ask({ method, params, execution_id: executionId });
      if (answer.ok) return answer.value;
      if (answer.over) throw new HostTrap("internal", "the caller gave the call up");
      const reason = answer.refusal === "missing" ? undefined : `${method}: ${answer.detail}`;
      throw new HostRefusal(answer.refusal, reason);
    },
    note: options.onNote,
    async fetch(outgoing) {
      try {
        return await send(outgoing);
      } catch (error) {
        if (error instanceof EgressError && error.rule !== undefined)
          options.onEgressRefused(outgoing.url, error.rule);
        throw error;
      }
    },
  };
}

function openSecrets({ request, envelopes, clock }: RunnerScopeOptions): ReadonlyMap<string, string> {
  if (request.secret_envelope === undefined) return new Map();
  try {
    return envelopes.open(request.secret_envelope, request.context, clock.now());
  } catch (error) {
    if (error instanceof EnvelopeExpired)
      throw new HostRefusal("expired", "secrets: the sealed secrets of this execution have expired");
    throw new HostRefusal("internal", "secrets: the sealed secrets of this execution do not open");
  }
}
