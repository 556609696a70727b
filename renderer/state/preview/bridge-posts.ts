import { BRIDGE_VERSION, type HostMessage } from "../../../core/contract/preview-bridge.ts";
import { append, iso, only, SHOWN_CHARACTERS } from "./bridge-entries.ts";
import type { BootstrapFacts, BridgeEvent, BridgeState, BridgeStep } from "./bridge-state.ts";
import { messageSize, messageText } from "./message-size.ts";

export function bootstrap(state: BridgeState, at: number): BridgeStep {
  if (state.facts === undefined) return only(state);
  return post(only(state), at, hostMessage("bootstrap", bootstrapPayload(state.facts, state.path)));
}

export function retold(state: BridgeState, event: BridgeEvent & { kind: "retold" }): BridgeStep {
  const next = { ...state, facts: event.facts };
  if (state.phase !== "ready") return only(next);
  const themed = event.isThemeNew
    ? post(only(next), event.at, hostMessage("theme", event.facts.tokens))
    : only(next);
  // Of the SDK's listeners some hear only `theme` and some only `bootstrap`.
  return mergeEffects(themed, bootstrap(themed.state, event.at));
}

export function reply(step: BridgeStep, at: number, requestId: string, payload: object): BridgeStep {
  return post(step, at, { ...hostMessage("apiproxy_response", payload), request_id: requestId });
}

function bootstrapPayload({ session, tokens, locale, hook }: BootstrapFacts, path: string): object {
  return { session, theme_tokens: tokens, navigation: { path }, locale, hook };
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

function mergeEffects(first: BridgeStep, second: BridgeStep): BridgeStep {
  return { state: second.state, effects: [...first.effects, ...second.effects] };
}
