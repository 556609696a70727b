import { z } from "zod";
import { WorkbenchError } from "./errors.ts";
import { clientsCalls } from "./host-calls/clients.ts";
import { invoicingCalls } from "./host-calls/invoicing.ts";
import { metricsCalls } from "./host-calls/metrics.ts";
import { schedulerCalls } from "./host-calls/scheduler.ts";
import { servicesCalls } from "./host-calls/services.ts";
import { storageCalls } from "./host-calls/storage.ts";
import { uiProxyCalls } from "./host-calls/ui-proxy.ts";

/**
 * What an extension's host functions ask of the host, by method: the shape of the parameters.
 * An interface that the host answers has one file in ./host-calls/ and one line here; its answers are a
 * `HostAnswers` of that file's calls, registered with one line in core/wiring/host-api.ts. The runner's side of it in
 * core/runner/capabilities passes the guest's arguments on with `scope.askHost`.
 */
export const HOST_CALLS = {
  ...schedulerCalls,
  ...storageCalls,
  ...uiProxyCalls,
  ...invoicingCalls,
  ...clientsCalls,
  ...servicesCalls,
  ...metricsCalls,
} as const satisfies Readonly<Record<string, z.ZodType>>;

export type HostCallMethod = keyof typeof HOST_CALLS;
export type HostCallParams<Method extends HostCallMethod> = z.output<(typeof HOST_CALLS)[Method]>;

/** Keys of a literal: no others exist. */
export const HOST_CALL_METHODS = Object.keys(HOST_CALLS) as [HostCallMethod, ...HostCallMethod[]];

/** Why the host refused, in the words of the interfaces' error enums. Every enum has `internal`. */
export const hostCallRefusalSchema = z.enum([
  "missing",
  "conflict",
  "denied",
  "route-not-found",
  "bad-request",
  "not-found",
  "validation-failed",
  "quota-exceeded",
  "not-allowed",
  "invalid-input",
  "internal",
]);
export type HostCallRefusal = z.infer<typeof hostCallRefusalSchema>;

/** A host call that the extension gets back as an error of its interface; the message goes to its log. */
export class HostCallError extends WorkbenchError<HostCallRefusal> {
  constructor(code: HostCallRefusal, message: string) {
    super({ code, message, kind: "refused" });
  }
}
