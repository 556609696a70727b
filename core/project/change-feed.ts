import type { ProjectChange } from "../contract/rpc/project.ts";

/** A reader that is so far behind is better off looking at everything anew. */
const MAX_WAITING_CHANGES = 1_000;

/** Tells everybody who listens what happened to the open project. */
export interface ChangeFeed {
  publish(change: ProjectChange): void;
  /** The answer ends it. */
  listen(listener: (change: ProjectChange) => void): () => void;
  /** From now on, until the signal aborts, or until the reader is too far behind: it begins again and misses nothing. */
  follow(signal: AbortSignal): AsyncIterable<readonly ProjectChange[]>;
}

export function createChangeFeed(): ChangeFeed {
  const listeners = new Set<(change: ProjectChange) => void>();
  const listen = (listener: (change: ProjectChange) => void) => {
    const entry = (change: ProjectChange): void => listener(change);
    listeners.add(entry);
    return () => void listeners.delete(entry);
  };
  return {
    listen,
    publish(change) {
      for (const listener of [...listeners]) listener(change);
    },
    async *follow(signal) {
      let waiting: ProjectChange[] = [];
      let isBehind = false;
      let wake = () => {};
      const stop = listen((change) => {
        isBehind ||= waiting.length >= MAX_WAITING_CHANGES;
        if (!isBehind) waiting.push(change);
        wake();
      });
      const abort = () => wake();
      signal.addEventListener("abort", abort);
      try {
        while (!signal.aborted && !isBehind) {
          if (waiting.length === 0) {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
            continue;
          }
          const batch = waiting;
          waiting = [];
          yield batch;
        }
      } finally {
        stop();
        signal.removeEventListener("abort", abort);
      }
    },
  };
}
