import {
  bridgeEnvelopeSchema,
  consoleMessageSchema,
  FRAME_MESSAGES,
  MAX_FRAME_HEIGHT,
  MIN_FRAME_HEIGHT,
} from "../../../core/contract/preview-bridge.ts";
import { answered, called, faultOf } from "./bridge-calls.ts";
import { type Arrival, accept, iso, listRefusal, note, only, refuse } from "./bridge-entries.ts";
import { bootstrap, retold } from "./bridge-posts.ts";
import {
  type BridgeEffect,
  type BridgeEvent,
  type BridgeState,
  type BridgeStep,
  FLOOD_LIMIT,
  KEPT_LINES,
  MESSAGE_BURST,
  MESSAGES_PER_SECOND,
  type Suspension,
} from "./bridge-state.ts";

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
        console: [],
        calls: state.calls.filter(({ phase }) => phase === "pending"),
        counts: { received: 0, sent: 0, refused: 0, dropped: 0 },
      });
  }
}

const ABANDON: readonly BridgeEffect[] = [{ kind: "abandon" }];

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
    console: [],
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
    case "console":
      return printed(state, metered, event, payload);
    case "apiproxy":
      return called(metered, event, requestId, payload);
    default:
      return refuse(metered, event, "unknown_type", "Known are ready, resize, navigate and apiproxy.", type);
  }
}

/** Said by the script that the runner adds: metered as a message, and no message of the extension's own. */
function printed(before: BridgeState, metered: BridgeState, event: Arrival, payload: unknown): BridgeStep {
  const said = consoleMessageSchema.safeParse(payload);
  if (!said.success)
    return refuse(metered, event, "bad_payload", "Expected {lines: [{level, text}], dropped}.", "console");
  const { lines, dropped } = said.data;
  const more =
    dropped === 0 ? [] : [{ level: "warn" as const, text: `${dropped} more lines at once: not shown.` }];
  const added = [...lines, ...more].map(({ level, text }, index) => ({
    key: metered.nextKey + index,
    at: iso(event.at),
    level,
    text,
  }));
  return only({
    ...metered,
    counts: before.counts,
    nextKey: metered.nextKey + added.length,
    console: [...metered.console, ...added].slice(-KEPT_LINES),
  });
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
