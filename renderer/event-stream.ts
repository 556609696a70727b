import { createParser } from "eventsource-parser";
import { ClientError } from "./state/failure.ts";
import type { Timers } from "./state/timers.ts";

/** First pause before a lost stream is opened again; doubled on each failure up to the longest. */
export const FIRST_RETRY_MS = 250;
export const LONGEST_RETRY_MS = 5_000;

/** `connecting` until the first answer; `lost` from then on whenever there is no stream, however often it is tried. */
export type StreamState = "connecting" | "open" | "lost" | "refused";

export interface EventStreamOptions {
  /** Opens the stream; rejects with a `ClientError` when it cannot. `lastEventId` names the last event received. */
  open(signal: AbortSignal, lastEventId: string | undefined): Promise<Response>;
  onData(data: string): void;
  onState(state: StreamState): void;
  readonly timers: Timers;
}

/**
 * Follows a stream of server-sent events and opens it again whenever it ends, until the answer is called.
 * A host that refuses the token is not asked again: only another token would help.
 */
export function followEventStream(options: EventStreamOptions): () => void {
  const stop = new AbortController();
  let cancelRetry: (() => void) | undefined;
  let lastEventId: string | undefined;
  let retryMs = FIRST_RETRY_MS;

  const attempt = async (): Promise<void> => {
    try {
      const response = await options.open(stop.signal, lastEventId);
      options.onState("open");
      retryMs = FIRST_RETRY_MS;
      await readEvents(response, (id, data) => {
        if (id !== undefined) lastEventId = id;
        options.onData(data);
      });
    } catch (error) {
      if (stop.signal.aborted) return;
      if (error instanceof ClientError && error.failure.kind === "unauthorised") {
        options.onState("refused");
        return;
      }
      // Whatever else it was, the stream is lost, and the cure is the same as for one that simply ended.
    }
    if (stop.signal.aborted) return;
    options.onState("lost");
    cancelRetry = options.timers.after(retryMs, () => void attempt());
    retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
  };

  options.onState("connecting");
  void attempt();
  return () => {
    stop.abort();
    cancelRetry?.();
  };
}

async function readEvents(
  response: Response,
  onEvent: (id: string | undefined, data: string) => void,
): Promise<void> {
  const parser = createParser({ onEvent: (event) => onEvent(event.id, event.data) });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (let chunk = await reader?.read(); chunk && !chunk.done; chunk = await reader?.read()) {
    parser.feed(chunk.value);
  }
}
