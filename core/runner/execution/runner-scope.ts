import type { ExecuteRequest } from "../../contract/execute.ts";
import type { Clock } from "../../platform/clock.ts";
import { HostRefusal } from "../capabilities/host-outcome.ts";
import type { RunnerScope } from "../capabilities/runner-scope.ts";
import type { EgressBudget } from "../egress/egress-budget.ts";
import type { EgressGuard } from "../egress/egress-guard.ts";
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
  onNote(message: string): void;
}

/** What one execution reaches through the runner's main thread. */
export function createRunnerScope(options: RunnerScopeOptions): RunnerScope {
  const { request, executionId, host, egress, signal } = options;
  let opened: ReadonlyMap<string, string> | undefined;

  return {
    secrets() {
      opened ??= openSecrets(options);
      return opened;
    },
    askHost: async (method, params) => {
      const answer = await host.ask({ method, params, execution_id: executionId });
      if (answer.ok) return answer.value;
      const reason = answer.refusal === "missing" ? undefined : `${method}: ${answer.detail}`;
      throw new HostRefusal(answer.refusal, reason);
    },
    note: options.onNote,
    fetch: (outgoing) =>
      egress.fetch(outgoing, {
        allowlist: [...options.egressAllowlist, ...(request.egress_allowlist ?? [])],
        signal,
        budget: options.budget,
        onBytes: (count) => {
          options.budget.spend(count);
          options.onEgressBytes(count);
        },
      }),
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
