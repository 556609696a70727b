import {
  type BridgeEntry,
  type BridgeEvent,
  type BridgeState,
  type BridgeStep,
  KEPT_ENTRIES,
  type RefusalCode,
} from "./bridge-state.ts";
import { messageSize, messageText } from "./message-size.ts";

export const SHOWN_CHARACTERS = 2_000;
const SHOWN_ORIGIN_CHARACTERS = 200;

export type Arrival = BridgeEvent & { kind: "message" };

export function only(state: BridgeState): BridgeStep {
  return { state, effects: [] };
}

export function accept(
  state: BridgeState,
  event: Arrival,
  type: string,
  requestId: string | undefined,
): BridgeState {
  return append(state, { ...arrived(event), type, requestId, verdict: "accepted" });
}

export function refuse(
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

export function listRefusal(
  state: BridgeState,
  event: Arrival,
  code: RefusalCode,
  detail: string,
  type = "?",
  requestId?: string,
): BridgeState {
  return append(state, { ...arrived(event), type, requestId, verdict: "refused", code, detail });
}

export function note(state: BridgeState, at: number, detail: string): BridgeState {
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

export function append(state: BridgeState, entry: Omit<BridgeEntry, "key">): BridgeState {
  return {
    ...state,
    nextKey: state.nextKey + 1,
    entries: [...state.entries, { ...entry, key: state.nextKey }].slice(-KEPT_ENTRIES),
  };
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

export function iso(at: number): string {
  return new Date(at).toISOString();
}
