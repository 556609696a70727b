import { DEFAULT_CAPABILITIES } from "../../contract/capability.ts";
import type { ExecuteRequest, ExecuteResponse, ExecutionLimits, Usage } from "../../contract/execute.ts";
import { DEFAULT_LOG_LINES } from "../../contract/limits.ts";
import type { RunnerConfiguration } from "../../contract/runner-protocol.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Ids } from "../../platform/ids.ts";
import type { BundleLoader } from "../bundles/bundle-loader.ts";
import { BundleLoadError } from "../bundles/errors.ts";
import { createDispatcher } from "../capabilities/dispatcher.ts";
import { runnerInterfaces } from "../capabilities/runner-interfaces.ts";
import { createEgressBudget } from "../egress/egress-budget.ts";
import type { EgressGuard } from "../egress/egress-guard.ts";
import { createRefusedTargets } from "../egress/refused-targets.ts";
import type { GuestLogLine } from "../guest/log-sink.ts";
import type { GuestRun } from "../guest/messages.ts";
import { monotonicMicroseconds } from "../journal/monotonic-clock.ts";
import type { GuestPool } from "../pool/guest-pool.ts";
import type { LogOutlet } from "./execution-log.ts";
import type { HostLink } from "./host-link.ts";
import { createRecording } from "./recording.ts";
import { answerOf, failureAnswer } from "./response.ts";
import { createRunnerScope, type EnvelopeOpener } from "./runner-scope.ts";

export interface ExecutorOptions {
  readonly bundles: BundleLoader;
  readonly pool: GuestPool;
  readonly host: HostLink;
  readonly envelopes: EnvelopeOpener;
  readonly egress: EgressGuard;
  readonly log: LogOutlet;
  readonly clock: Clock;
  readonly ids: Ids;
  configuration(): RunnerConfiguration;
}

export interface Executor {
  /** Always resolves: whatever goes wrong is an error code in the response. */
  execute(request: ExecuteRequest, signal: AbortSignal): Promise<ExecuteResponse>;
}

/** One for all: a default reason is made anew, with a stack, for each call. */
const OVER = new Error("the execution is over");

/** Lines of the host's own about one execution that do not come by way of its worker. */
const MAX_NOTES = 20;

/** One call from the request to the response: bundle, worker, host calls, judgement of the answer. */
export function createExecutor(options: ExecutorOptions): Executor {
  let sequence = 0;

  async function run(request: ExecuteRequest, signal: AbortSignal, usage: Usage, onPrepared: () => void) {
    const { context } = request;
    const { maximums, egressAllowlist, isolation } = options.configuration();
    const limits = cap(request.limits, maximums);
    const program = await options.bundles.program(context.content_hash, context.tenant_id);
    // Deadline and duration are the extension's: what the platform does once per bundle is not held against it.
    onPrepared();
    const deadline = performance.now() + limits.timeout_ms;
    const deadlineUs = monotonicMicroseconds() + limits.timeout_ms * 1_000;
    const over = new AbortController();
    const granted = new Set([...DEFAULT_CAPABILITIES, ...request.providers]);
    const executionId = context.execution_id ?? options.ids.uuid();
    const budget = createEgressBudget(request.limits.egress_bytes);
    const onLog = (line: GuestLogLine) => {
      usage.log_lines++;
      // A replay says again what is in the log already.
      if (request.replay === undefined) options.log.add(context, line);
    };
    let notes = 0;
    const refused = createRefusedTargets(() => scope.secrets());
    const scope = createRunnerScope({
      request,
      executionId,
      host: options.host,
      envelopes: options.envelopes,
      egress: options.egress,
      egressAllowlist,
      budget,
      clock: options.clock,
      signal: over.signal,
      onEgressBytes: (count) => {
        usage.egress_bytes += count;
      },
      onEgressRefused: refused.note,
      onNote(message) {
        // The worker keeps the budget of lines, and does not see these.
        if (++notes > MAX_NOTES || usage.log_lines >= DEFAULT_LOG_LINES) return;
        onLog({
          ts: options.clock.now().toISOString(),
          level: "warn",
          stream: "host",
          message,
          truncated: false,
        });
      },
    });
    const recording = createRecording({
      request,
      executionId,
      secrets: scope.secrets,
      dispatch: createDispatcher(runnerInterfaces, granted, scope),
    });
    try {
      const result = await options.pool.execute({
        tenant: context.tenant_id,
        deadline,
        signal: granted.has("cap:http.fetch") ? AbortSignal.any([signal, budget.exceeded]) : signal,
        run: {
          ...guestRun(++sequence, request, program.key, granted, limits),
          isolation,
          deadlineUs,
          inputs: recording.inputs,
        },
        program: program.program,
        depth: context.call_depth ?? 0,
        hooks: { ...recording.hooks, onLog },
      });
      const { outcome, usage: guest } = result;
      const { journal, usage: seen } = recording.end(result);
      // A killed worker reports nothing; what passed through here is then the better figure.
      const hostCalls = Math.max(seen.host_calls, guest.host_calls);
      Object.assign(usage, seen, {
        fuel: guest.fuel,
        memory_bytes: guest.memory_bytes,
        host_calls: hostCalls,
      });
      const answer = budget.exceeded.aborted
        ? failureAnswer("quota_exceeded", "the extension wanted more egress than its quota has left")
        : outcome.kind === "response"
          ? answerOf(outcome.response, limits.response_body_bytes)
          : failureAnswer(outcome.code, outcome.message);
      return {
        ...answer,
        journal: { ...journal, dropped: hostCalls - journal.calls.length },
        ...(refused.all.length === 0 ? {} : { refused_egress: refused.all }),
      };
    } finally {
      over.abort(OVER);
    }
  }

  return {
    async execute(request, signal) {
      let started = performance.now();
      const usage: Usage = {
        duration_ms: 0,
        memory_bytes: 0,
        fuel: 0,
        egress_bytes: 0,
        host_calls: 0,
        log_lines: 0,
      };
      const answer = await run(request, signal, usage, () => {
        started = performance.now();
      }).catch((error: unknown) =>
        error instanceof BundleLoadError
          ? failureAnswer(error.code, error.message, error.verificationCode)
          : failureAnswer("internal", "the runner failed to execute the call"),
      );
      if (usage.log_lines > 0) await options.log.flush();
      // Microseconds are noise, and a shorter number.
      usage.duration_ms = Math.round((performance.now() - started) * 1_000) / 1_000;
      return { ...answer, usage };
    },
  };
}

interface EffectiveLimits extends ExecutionLimits {
  response_body_bytes: number;
}

/** The request's limits, none above the runner's own. */
function cap(limits: ExecutionLimits, maximums: RunnerConfiguration["maximums"]): EffectiveLimits {
  return {
    timeout_ms: Math.min(limits.timeout_ms, maximums.timeout_ms),
    memory_mb: Math.min(limits.memory_mb, maximums.memory_mb),
    fuel: Math.min(limits.fuel, maximums.fuel),
    response_body_bytes: Math.min(
      limits.response_body_bytes ?? Number.MAX_SAFE_INTEGER,
      maximums.response_body_bytes,
    ),
  };
}

function guestRun(
  id: number,
  { context, user, http }: ExecuteRequest,
  program: string,
  granted: GuestRun["granted"],
  limits: EffectiveLimits,
): Omit<GuestRun, "inputs" | "isolation" | "deadlineUs"> {
  return {
    id,
    program,
    granted,
    limits,
    scope: {
      user,
      context: {
        request_id: context.request_id,
        tenant_id: context.tenant_id,
        extension_id: context.extension_id,
        install_id: context.install_id,
        version_id: context.version_id,
      },
    },
    http: {
      method: http.method,
      url: `${http.path}${http.query}`,
      headers: http.headers,
      body: http.body_b64 === undefined ? undefined : new Uint8Array(Buffer.from(http.body_b64, "base64")),
    },
  };
}
