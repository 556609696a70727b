import { type ClientFailure, failureOf } from "./failure.ts";
import type { GatewayAnswer, HostApi } from "./host-api.ts";
import type { PreparedRequest } from "./request-draft.ts";
import { createStore, type Readable } from "./store.ts";

/** The request that was sent last and what became of it. */
export type ExchangeState =
  | { readonly phase: "idle" }
  | { readonly phase: "sending" | "cancelled"; readonly sent: PreparedRequest }
  | { readonly phase: "answered"; readonly sent: PreparedRequest; readonly answer: GatewayAnswer }
  | { readonly phase: "failed"; readonly sent: PreparedRequest; readonly failure: ClientFailure };

export interface Exchange extends Readable<ExchangeState> {
  /** Sends; a request still under way is cancelled first. */
  send(installId: string, request: PreparedRequest): Promise<void>;
  cancel(): void;
}

export function createExchange(api: Pick<HostApi, "send">): Exchange {
  const store = createStore<ExchangeState>({ phase: "idle" });
  let current: AbortController | undefined;
  return {
    get: store.get,
    subscribe: store.subscribe,
    async send(installId, request) {
      current?.abort();
      const mine = new AbortController();
      current = mine;
      store.set({ phase: "sending", sent: request });
      try {
        const answer = await api.send(installId, request, mine.signal);
        if (current === mine) store.set({ phase: "answered", sent: request, answer });
      } catch (error) {
        if (current === mine) store.set({ phase: "failed", sent: request, failure: failureOf(error) });
      } finally {
        if (current === mine) current = undefined;
      }
    },
    cancel() {
      const state = store.get();
      if (state.phase !== "sending") return;
      current?.abort();
      current = undefined;
      store.set({ phase: "cancelled", sent: state.sent });
    },
  };
}
