import { FRAME_MESSAGES } from "../../../core/contract/preview-bridge.ts";
import { type Arrival, accept, iso, only, refuse } from "./bridge-entries.ts";
import { reply } from "./bridge-posts.ts";
import {
  type BridgeEvent,
  type BridgeState,
  type BridgeStep,
  type CallAnswer,
  KEPT_CALLS,
  MAX_CALL_BODY_CHARACTERS,
  MAX_PENDING_CALLS,
  type RefusalCode,
} from "./bridge-state.ts";

export function called(
  state: BridgeState,
  event: Arrival,
  requestId: string | undefined,
  payload: unknown,
): BridgeStep {
  const type = "apiproxy";
  const refuseCall = (code: RefusalCode, message: string): BridgeStep => {
    const refused = refuse(state, event, code, message, type, requestId);
    // The SDK waits for an answer; without a request id there is nobody to answer.
    return requestId === undefined
      ? refused
      : reply(refused, event.at, requestId, { error: `${code}: ${message}` });
  };
  if (requestId === undefined)
    return refuseCall("bad_payload", "A call without request_id cannot be answered.");
  const size = bodyLength(payload);
  if (size > MAX_CALL_BODY_CHARACTERS) return refuseCall("body_too_large", "The body is over 10 MiB.");
  const call = FRAME_MESSAGES.apiproxy.safeParse(payload);
  if (!call.success) return refuseCall("bad_payload", faultOf(call.error));
  if (state.calls.filter(({ phase }) => phase === "pending").length >= MAX_PENDING_CALLS) {
    return refuseCall("too_many_calls", `${MAX_PENDING_CALLS} calls are under way.`);
  }
  const accepted = accept(state, event, type, requestId);
  const { route, method = "POST", body } = call.data;
  const key = accepted.nextKey;
  const entry = { key, at: iso(event.at), requestId, method, route, phase: "pending" as const };
  return {
    state: { ...accepted, nextKey: key + 1, calls: [...accepted.calls, entry].slice(-KEPT_CALLS) },
    effects: [
      { kind: "call", key, route, method, ...(body === undefined || body === "" ? {} : { bodyB64: body }) },
    ],
  };
}

export function answered(
  state: BridgeState,
  { at, key, answer }: BridgeEvent & { kind: "answered" },
): BridgeStep {
  const call = state.calls.find((each) => each.key === key);
  if (call?.phase !== "pending") return only(state);
  const next = { ...state, calls: state.calls.map((each) => (each === call ? settled(call, answer) : each)) };
  if (state.phase !== "ready" && state.phase !== "loaded" && state.phase !== "loading") return only(next);
  const payload =
    answer.ok && answer.error === undefined
      ? { body: answer.bodyB64 }
      : { error: answer.error === undefined ? "failed" : `${answer.error.code}: ${answer.error.message}` };
  return reply(only(next), at, call.requestId ?? "", payload);
}

function settled(call: BridgeState["calls"][number], answer: CallAnswer): BridgeState["calls"][number] {
  if (!answer.ok) return { ...call, phase: "failed", error: answer.error };
  const { status, durationMs, executionId, error, bodyB64 } = answer;
  return {
    ...call,
    phase: "answered",
    status,
    durationMs,
    executionId,
    error,
    bytes: decodedLength(bodyB64),
  };
}

function bodyLength(payload: unknown): number {
  if (typeof payload !== "object" || payload === null || !("body" in payload)) return 0;
  return typeof payload.body === "string" ? payload.body.length : 0;
}

function decodedLength(base64: string): number {
  const padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
  return (base64.length / 4) * 3 - padding;
}

export function faultOf(error: {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}): string {
  const issue = error.issues[0];
  return issue === undefined
    ? "Not what was expected."
    : `${issue.path.map(String).join(".")}: ${issue.message}`;
}
