import type { PolicyExplanation } from "../contract/policy-explanation.ts";
import {
  type CallUse,
  explainCall,
  headerValues,
  type ResolvedLimits,
  requestPath,
} from "../policy/index.ts";
import { type Admission, keyOf } from "./admission.ts";
import type { GatewayCall } from "./call.ts";
import { credentialsOf } from "./credentials.ts";
import type { GatewayPorts } from "./ports.ts";
import { quotaFacts } from "./steps/quota-facts.ts";

/** A call as it is asked about: with its body's size at most, never a stream. */
export type ExplainedCall = Pick<GatewayCall, "extension" | "method" | "target" | "headers" | "caller"> & {
  readonly bodyBytes?: number | undefined;
};

/** Gathers the facts of a call as the gateway would, spends nothing, and asks every rule. */
export function explain(
  ports: Pick<GatewayPorts, "callers" | "installs" | "limits" | "usage" | "clock" | "ticks">,
  admission: Admission,
  request: ExplainedCall,
): PolicyExplanation {
  const headers = request.headers ?? [];
  const { credential, key } =
    request.caller === undefined
      ? credentialsOf(headers)
      : ({ credential: "presented", key: undefined } as const);
  const caller = request.caller ?? (key === undefined ? undefined : ports.callers.byApiKey(key));
  const install = caller && ports.installs.resolve(caller.tenant.id, request.extension);
  return explainCall({
    credential,
    caller,
    claimedTenants: [...headerValues(headers, "x-tenant-id"), ...headerValues(headers, "x-alga-tenant")],
    install,
    method: request.method,
    target: requestPath(request.target),
    headers,
    bodyBytes: request.bodyBytes ?? 0,
    use:
      caller === undefined || install === undefined
        ? undefined
        : usageSoFar(ports, admission, ports.limits(caller.tenant, install)),
  });
}

function usageSoFar(
  ports: Pick<GatewayPorts, "usage" | "clock" | "ticks">,
  admission: Admission,
  limits: ResolvedLimits,
): CallUse {
  return {
    limits,
    takes: admission.peek(limits.scopes, ports.ticks()),
    slots: limits.scopes.flatMap(({ scope, id, concurrency: limit }) =>
      limit === undefined ? [] : [{ scope, limit, inFlight: admission.slots.running(keyOf({ scope, id })) }],
    ),
    windows: quotaFacts(ports.usage, admission.egress, limits, ports.clock.now()).windows,
  };
}
