import {
  BRIDGE_VERSION,
  bridgeEnvelopeSchema,
  FRAME_MESSAGES,
  type HostMessage,
  MAX_FRAME_HEIGHT,
  MIN_FRAME_HEIGHT,
} from "../../../core/contract/preview-bridge.ts";
import {
  type BootstrapFacts,
  type BridgeEffect,
  type BridgeEntry,
  type BridgeEvent,
  type BridgeState,
  type BridgeStep,
  type CallAnswer,
  FLOOD_LIMIT,
  KEPT_CALLS,
  KEPT_ENTRIES,
  MAX_CALL_BODY_CHARACTERS,
  MAX_PENDING_CALLS,
  MESSAGE_BURST,
  MESSAGES_PER_SECOND,
  type RefusalCode,
  type Suspension,
} from "./bridge-state.ts";
import { messageSize, messageText } from "./message-size.ts";

const SHOWN_CHARACTERS = 2_000;
const SHOWN_ORIGIN_CHARACTERS = 200;

/** The host's end of the bridge as a function: what happened and what was, to what is and what is to be done. */
export function bridgeStep(state: BridgeState, event: BridgeEvent): BridgeStep {
  switch (event.kind) {
    case "opened":
      return opened(state, event);
    case "loaded":
      return loaded(state, event.at);
    case "waited":
      return state.phase === "loaded"
        ? only(
            note(
              { ...state, phase: "silent" },
              event.at,
              "The frame has not said `ready`: without it, it gets no session and no theme.",
            ),
          )
        : only(state);
    case "blocked":
      return suspend(state, event.at, {
        code: "blocked_navigation",
        message: `The frame tried to leave for ${event.address}. The window's policy refused.`,
      });
    case "message":
      return received(state, event);
    case "answered":
      return answered(state, event);
    case "retold":
      return retold(state, event);
    case "closed":
      return {
        state: { ...state, phase: "closed", suspension: undefined, facts: undefined },
        effects: ABANDON,
      };
    case "cleared":
      return only({
        ...state,
        entries: [],
        calls: state.calls.filter(({ phase }) => phase === "pending"),
        counts: { received: 0, sent: 0, refused: 0, dropped: 0 },
      });
  }
}

const ABANDON: readonly BridgeEffect[] = [{ kind: "abandon" }];

function only(state: BridgeState): BridgeStep {
  return { state, effects: [] };
}

function opened(state: BridgeState, event: BridgeEvent & { kind: "opened" }): BridgeStep {
  const isFirst = state.phase === "closed" && state.entries.length === 0;
  const next: BridgeState = {
    ...state,
    phase: "loading",
    suspension: undefined,
    expectedOrigin: event.expectedOrigin,
    facts: event.facts,
    loads: 0,
    calls: state.calls.map((call) =>
      call.phase === "pending"
        ? {
            ...call,
            phase: "failed",
            error: { code: "frame_reloaded", message: "The frame was loaded again." },
          }
        : call,
    ),
    counts: { ...state.counts, dropped: 0 },
    allowance: { left: MESSAGE_BURST, atMs: event.at },
  };
  return { state: isFirst ? next : note(next, event.at, "The frame is loaded again."), effects: ABANDON };
}

function loaded(state: BridgeState, at: number): BridgeStep {
  if (state.phase === "closed" || state.phase === "suspended") return only(state);
  const loads = state.loads + 1;
  // `ready` may come before the load event of the same page.
  if (loads === 1)
    return only({ ...state, loads, phase: state.phase === "loading" ? "loaded" : state.phase });
  return suspend({ ...state, loads }, at, {
    code: "navigated_away",
    message: "The frame has loaded another page by itself. Which one, the browser does not tell.",
  });
}

function suspend(state: BridgeState, at: number, suspension: Suspension): BridgeStep {
  if (state.phase === "closed" || state.phase === "suspended") return only(state);
  const next = note({ ...state, phase: "suspended", suspension }, at, suspension.message);
  return { state: next, effects: [{ kind: "abandon" }, { kind: "unload" }] };
}

type Arrival = BridgeEvent & { kind: "message" };

function received(state: BridgeState, event: Arrival): BridgeStep {
  if (state.phase === "closed") return only(state);
  const counted: BridgeState = {
    ...state,
    counts: { ...state.counts, received: state.counts.received + 1 },
  };
  const metered = spend(counted, event.at);
  if (metered === undefined) return dropped(counted, event);
  if (!event.isFrame) {
    return refuse(metered, event, "wrong_source", "Sent by another window or by a frame inside the frame.");
  }
  if (event.origin !== state.expectedOrigin) {
    return refuse(metered, event, "wrong_origin", `Expected from ${state.expectedOrigin}.`);
  }
  if (state.phase === "suspended") {
    return refuse(metered, event, "frame_suspended", "Load the frame again to hear it.");
  }
  const envelope = bridgeEnvelopeSchema.safeParse(event.data);
  if (!envelope.success) {
    return refuse(metered, event, "bad_envelope", 'Expected {alga: true, version: "1", type, payload}.');
  }
  const { type, request_id: requestId, payload } = envelope.data;
  switch (type) {
    case "ready":
      return bootstrap(accept({ ...metered, phase: "ready" }, event, type, requestId), event.at);
    case "resize": {
      const size = FRAME_MESSAGES.resize.safeParse(payload);
      if (!size.success) return refuse(metered, event, "bad_payload", "Expected {height} in pixels.", type);
      const height = Math.min(MAX_FRAME_HEIGHT, Math.max(MIN_FRAME_HEIGHT, Math.round(size.data.height)));
      return only({ ...accept(metered, event, type, requestId), height });
    }
    case "navigate": {
      const place = FRAME_MESSAGES.navigate.safeParse(payload);
      if (!place.success) return refuse(metered, event, "bad_payload", faultOf(place.error), type);
      return only({ ...accept(metered, event, type, requestId), path: place.data.path });
    }
    case "apiproxy":
      return called(metered, event, requestId, payload);
    default:
      return refuse(metered, event, "unknown_type", "Known are ready, resize, navigate and apiproxy.", type);
  }
}

function called(
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

function answered(state: BridgeState, { at, key, answer }: BridgeEvent & { kind: "answered" }): BridgeStep {
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

function retold(state: BridgeState, event: BridgeEvent & { kind: "retold" }): BridgeStep {
  const next = { ...state, facts: event.facts };
  if (state.phase !== "ready") return only(next);
  const themed = event.isThemeNew
    ? post(only(next), event.at, hostMessage("theme", event.facts.tokens))
    : only(next);
  // Of the SDK's listeners some hear only `theme` and some only `bootstrap`.
  return mergeEffects(themed, bootstrap(themed.state, event.at));
}

function bootstrap(state: BridgeState, at: number): BridgeStep {
  if (state.facts === undefined) return only(state);
  return post(only(state), at, hostMessage("bootstrap", bootstrapPayload(state.facts, state.path)));
}

function bootstrapPayload({ session, tokens, locale, hook }: BootstrapFacts, path: string): object {
  return { session, theme_tokens: tokens, navigation: { path }, locale, hook };
}

function reply(step: BridgeStep, at: number, requestId: string, payload: object): BridgeStep {
  return post(step, at, { ...hostMessage("apiproxy_response", payload), request_id: requestId });
}

function hostMessage(type: HostMessage["type"], payload: unknown): HostMessage {
  return { alga: true, version: BRIDGE_VERSION, type, payload };
}

function post(step: BridgeStep, at: number, message: HostMessage): BridgeStep {
  const { state, effects } = step;
  const next = append(state, {
    at: iso(at),
    direction: "out",
    origin: state.expectedOrigin,
    type: message.type,
    requestId: message.request_id,
    bytes: messageSize(message).bytes,
    verdict: "sent",
    text: messageText(withoutToken(message), SHOWN_CHARACTERS),
  });
  return {
    state: { ...next, counts: { ...next.counts, sent: next.counts.sent + 1 } },
    effects: [...effects, { kind: "post", message }],
  };
}

/** The session's token is for the frame, not for a screen that may be shared or photographed. */
function withoutToken(message: HostMessage): unknown {
  if (message.type !== "bootstrap") return message;
  const payload = message.payload as { session: object }; // made by bootstrapPayload
  return { ...message, payload: { ...payload, session: { ...payload.session, token: "…" } } };
}

/** Takes one message from the allowance; `undefined` when there is none left. */
function spend(state: BridgeState, at: number): BridgeState | undefined {
  const { left, atMs } = state.allowance;
  const earned = Math.max(0, at - atMs) * (MESSAGES_PER_SECOND / 1_000);
  const available = Math.min(MESSAGE_BURST, left + earned);
  return available < 1 ? undefined : { ...state, allowance: { left: available - 1, atMs: at } };
}

/** Counted, not listed: a list of a flood would be a flood of its own. */
function dropped(state: BridgeState, event: Arrival): BridgeStep {
  const { refused, dropped: before } = state.counts;
  const counts = { ...state.counts, refused: refused + 1, dropped: before + 1 };
  const next = { ...state, counts };
  if (counts.dropped >= FLOOD_LIMIT) {
    return suspend(next, event.at, {
      code: "message_flood",
      message: `The frame sent over ${FLOOD_LIMIT} messages faster than ${MESSAGES_PER_SECOND} a second. It was taken away.`,
    });
  }
  return before === 0
    ? only(
        listRefusal(
          next,
          event,
          "rate_limited",
          `Over ${MESSAGES_PER_SECOND} messages a second; more are counted, not listed.`,
        ),
      )
    : only(next);
}

function refuse(
  state: BridgeState,
  event: Arrival,
  code: RefusalCode,
  detail: string,
  type?: string,
  requestId?: string,
): BridgeStep {
  const counts = { ...state.counts, refused: state.counts.refused + 1 };
  return only(listRefusal({ ...state, counts }, event, code, detail, type, requestId));
}

function listRefusal(
  state: BridgeState,
  event: Arrival,
  code: RefusalCode,
  detail: string,
  type = "?",
  requestId?: string,
): BridgeState {
  return append(state, { ...arrived(event), type, requestId, verdict: "refused", code, detail });
}

function accept(
  state: BridgeState,
  event: Arrival,
  type: string,
  requestId: string | undefined,
): BridgeState {
  return append(state, { ...arrived(event), type, requestId, verdict: "accepted" });
}

function arrived(event: Arrival): Pick<BridgeEntry, "at" | "direction" | "origin" | "bytes" | "text"> {
  return {
    at: iso(event.at),
    direction: "in",
    origin: event.origin.slice(0, SHOWN_ORIGIN_CHARACTERS),
    bytes: messageSize(event.data).bytes,
    text: messageText(event.data, SHOWN_CHARACTERS),
  };
}

function note(state: BridgeState, at: number, detail: string): BridgeState {
  return append(state, {
    at: iso(at),
    direction: "in",
    origin: "",
    type: "note",
    bytes: 0,
    verdict: "note",
    detail,
    text: "",
  });
}

function append(state: BridgeState, entry: Omit<BridgeEntry, "key">): BridgeState {
  return {
    ...state,
    nextKey: state.nextKey + 1,
    entries: [...state.entries, { ...entry, key: state.nextKey }].slice(-KEPT_ENTRIES),
  };
}

function mergeEffects(first: BridgeStep, second: BridgeStep): BridgeStep {
  return { state: second.state, effects: [...first.effects, ...second.effects] };
}

function bodyLength(payload: unknown): number {
  if (typeof payload !== "object" || payload === null || !("body" in payload)) return 0;
  return typeof payload.body === "string" ? payload.body.length : 0;
}

function decodedLength(base64: string): number {
  const padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
  return (base64.length / 4) * 3 - padding;
}

function faultOf(error: {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}): string {
  const issue = error.issues[0];
  return issue === undefined
    ? "Not what was expected."
    : `${issue.path.map(String).join(".")}: ${issue.message}`;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
