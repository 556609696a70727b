import { DEFAULT_CAPABILITIES } from "../../contract/capability.ts";
import { WorkbenchError } from "../../contract/errors.ts";
import type { ExecuteRequest, ExecuteResponse } from "../../contract/execute.ts";
import { verificationCodeSchema } from "../../contract/verification.ts";
import { startDeadline } from "../../platform/deadline.ts";
import { allow, type Denial, deny, forwardHeaders } from "../../policy/index.ts";
import type { GatewayCall } from "../call.ts";
import { GatewayError } from "../errors.ts";
import type { CallJournal } from "../journal.ts";
import type { GatewayPorts } from "../ports.ts";
import type { Admitted } from "./admit.ts";
import type { Route } from "./resolve.ts";

/**
 * The runner ends a call at its deadline itself, and prepares a bundle that it has not seen before the deadline starts
 * to count. This is how much later the gateway stops waiting for a runner that says nothing at all.
 */
export const PREPARATION_ALLOWANCE_MS = 30_000;
/** The runner's words about a failure are kept this long, in the trace only. */
const MAX_RUNNER_MESSAGE_CHARACTERS = 500;

type DispatchRoute = Route & Pick<Admitted, "egress">;

/**
 * Executes in the runner, under the deadline.
 * @returns what the runner answered, an execution error included
 * @throws GatewayError `timeout`, `runner_unavailable`, `internal`; the abort reason when the call was given up
 */
export async function dispatch(
  ports: GatewayPorts,
  request: GatewayCall,
  route: DispatchRoute,
  body: Uint8Array,
  journal: CallJournal,
): Promise<ExecuteResponse> {
  request.signal?.throwIfAborted();
  const deadline = (ports.deadline ?? startDeadline)(
    route.limits.timeout_ms.value + PREPARATION_ALLOWANCE_MS,
  );
  const signal =
    request.signal === undefined ? deadline.signal : AbortSignal.any([deadline.signal, request.signal]);
  const { caller, install } = route;
  ports.scopes.register(journal.executionId, {
    tenant_id: caller.tenant.id,
    install_id: install.install_id,
    registry_id: install.registry_id,
    request_id: journal.requestId,
    depth: request.depth ?? 0,
    caller,
  });
  try {
    return await untilAborted(
      ports.runner.execute(executeRequest(ports, request, route, body, journal), signal),
      signal,
    );
  } catch (error) {
    if (request.signal?.aborted === true) throw request.signal.reason;
    const denial = deadline.signal.aborted
      ? deny(
          "execute",
          "timeout",
          "The runner did not answer before the deadline.",
          route.limits.timeout_ms.source,
        )
      : failureOf(error);
    journal.note(denial);
    throw new GatewayError(denial, error);
  } finally {
    deadline.end();
    ports.scopes.release(journal.executionId);
  }
}

/** Judges the runner's answer. @throws GatewayError with the mapped code */
export function executed(
  ports: Pick<GatewayPorts, "versions">,
  route: DispatchRoute,
  response: ExecuteResponse,
  journal: CallJournal,
): void {
  if (response.error === undefined) {
    journal.note(allow("execute", `The handler answered in ${response.usage.duration_ms} ms.`, "runner"));
    return;
  }
  const denial = runnerDenial(ports, route, response.error);
  journal.note(denial);
  throw new GatewayError(denial);
}

function runnerDenial(
  ports: Pick<GatewayPorts, "versions">,
  route: DispatchRoute,
  error: NonNullable<ExecuteResponse["error"]>,
): Denial {
  const detail = `The runner says: ${error.message.slice(0, MAX_RUNNER_MESSAGE_CHARACTERS).toWellFormed()}`;
  switch (error.code) {
    case "signature_invalid": {
      const code = verificationCodeSchema.catch("signature_invalid").parse(error.verification_code);
      ports.versions.markInvalid(route.install, code);
      return deny("execute", code, detail, "runner");
    }
    case "quota_exceeded":
      return deny("execute", "quota_exceeded", detail, route.egress?.source ?? "runner", {
        retryAfterMs: route.egress?.endsInMs ?? 0,
      });
    case "timeout":
      return deny("execute", "timeout", detail, route.limits.timeout_ms.source);
    case "memory_limit":
      return deny("execute", "memory_limit", detail, route.limits.memory_mb.source);
    case "fuel_exhausted":
      return deny("execute", "fuel_exhausted", detail, route.limits.fuel.source);
    case "capability_denied":
      return deny("execute", "capability_denied", detail, "install:granted_capabilities");
    default:
      return deny("execute", error.code, detail, "runner");
  }
}

function failureOf(error: unknown): Denial {
  if (error instanceof WorkbenchError && error.code === "runner_unavailable")
    return deny("execute", "runner_unavailable", error.message, "runner");
  const why = error instanceof WorkbenchError && error.code === "runner_protocol" ? ` ${error.message}` : "";
  return deny("execute", "internal", `The runner's answer could not be used.${why}`, "runner");
}

function executeRequest(
  ports: GatewayPorts,
  request: GatewayCall,
  { caller, install, target, limits, egress }: DispatchRoute,
  body: Uint8Array,
  journal: CallJournal,
): ExecuteRequest {
  const context = {
    request_id: journal.requestId,
    execution_id: journal.executionId,
    ...(request.depth === undefined ? {} : { call_depth: request.depth }),
    tenant_id: caller.tenant.id,
    extension_id: install.registry_id,
    install_id: install.install_id,
    version_id: install.version_id,
    content_hash: install.content_hash,
    config: install.config,
  };
  const envelope = install.granted_capabilities.includes("cap:secrets.get")
    ? ports.secrets.envelopeFor(context, limits.timeout_ms.value)
    : undefined;
  return {
    context,
    http: {
      method: request.method,
      path: target.path,
      query: target.query,
      headers: forwardHeaders(request.headers ?? [], {
        requestId: journal.requestId,
        tenantId: caller.tenant.id,
        extensionId: install.registry_id,
      }),
      ...(body.byteLength === 0 ? {} : { body_b64: Buffer.from(body).toString("base64") }),
    },
    limits: {
      timeout_ms: limits.timeout_ms.value,
      memory_mb: limits.memory_mb.value,
      fuel: limits.fuel.value,
      response_body_bytes: limits.response_body_bytes.value,
      ...(egress === undefined ? {} : { egress_bytes: egress.bytes }),
    },
    providers: [...new Set([...DEFAULT_CAPABILITIES, ...install.granted_capabilities])],
    ...(envelope === undefined ? {} : { secret_envelope: envelope }),
    // Without a user signed in the extension hears `not-available`.
    ...(caller.system === undefined ? { user: caller.user } : {}),
    egress_allowlist: install.egress_allowlist,
  };
}

/**
 * A runner that ignores the signal does not hold the caller. Afterwards nobody may wait for the signal: Node keeps one that
 * was made of several for as long as anybody does.
 */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort);
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
