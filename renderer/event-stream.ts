import { eventPageSchema } from "../core/contract/rpc-socket.ts";
import type { HostConnection } from "./host-connection.ts";
import type { Timers } from "./state/timers.ts";

/** First pause before a subscription that ended is begun again; doubled on each failure up to the longest. */
export const FIRST_RETRY_MS = 250;
export const LONGEST_RETRY_MS = 5_000;

/** `connecting` until the first answer; `lost` from then on whenever there is no stream, however often it is tried. */
export type StreamState = "connecting" | "open" | "lost" | "refused";

export interface EventStreamOptions {
  readonly connection: Pick<HostConnection, "phase" | "subscribe">;
  readonly timers: Timers;
  readonly path: string;
  readonly input: unknown;
  /** Called before the stream is first opened; answers the id of the event after which it is to begin. */
  prepare?: ((signal: AbortSignal) => Promise<string>) | undefined;
  onEvents(events: readonly unknown[]): void;
  onState(state: StreamState): void;
}

/**
 * Follows a subscription and begins it again whenever it ends, after the last event that arrived, until the answer is
 * called. Over a loss of the connection it is the connection that resumes it. A host that refuses the token is not asked
 * again until the connection has another one.
 */
export function followEvents(options: EventStreamOptions): () => void {
  const { connection, timers, path, input, prepare, onEvents } = options;
  const stop = new AbortController();
  let state: StreamState | undefined;
  let isPrepared = prepare === undefined;
  let lastEventId: string | undefined;
  let retryMs = FIRST_RETRY_MS;
  let cancelRetry = (): void => undefined;
  let end = (): void => undefined;

  const tell = (next: StreamState): void => {
    if (state === next) return;
    state = next;
    options.onState(next);
  };

  const later = (): void => {
    end();
    if (stop.signal.aborted) return;
    if (connection.phase.get() === "refused") {
      tell("refused");
      return;
    }
    tell("lost");
    cancelRetry = timers.after(retryMs, () => void attempt());
    retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
  };

  const attempt = async (): Promise<void> => {
    if (connection.phase.get() === "refused") {
      tell("refused");
      return;
    }
    try {
      if (!isPrepared) lastEventId = await prepare?.(stop.signal);
      isPrepared = true;
    } catch {
      // Whatever it was, the cure is the same as for a stream that ended.
      later();
      return;
    }
    if (stop.signal.aborted) return;
    let isOver = false;
    const close = connection.subscribe(
      path,
      { input, ...(lastEventId === undefined ? {} : { lastEventId }) },
      {
        onStarted() {
          retryMs = FIRST_RETRY_MS;
          tell("open");
        },
        onData(given) {
          const page = eventPageSchema.safeParse(given);
          if (!page.success) return;
          lastEventId = page.data.id ?? lastEventId;
          onEvents(page.data.events);
        },
        onEnd() {
          if (isOver) return;
          isOver = true;
          later();
        },
      },
    );
    end = () => {
      isOver = true;
      end = () => undefined;
      close();
    };
  };

  const stopWatching = connection.phase.subscribe(() => {
    const phase = connection.phase.get();
    if (phase === "lost") tell("lost");
    if (state !== "refused" || phase === "refused") return;
    tell("connecting");
    void attempt();
  });

  tell("connecting");
  void attempt();
  return () => {
    stop.abort();
    stopWatching();
    cancelRetry();
    end();
  };
}
