import type { ProjectChange } from "../contract/rpc/project.ts";

/** Tells everybody who listens what happened to the open project. */
export interface ChangeFeed {
  publish(change: ProjectChange): void;
  /** The answer ends it. */
  listen(listener: (change: ProjectChange) => void): () => void;
  /** From now on, until the signal aborts. */
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
      let wake = () => {};
      const stop = listen((change) => {
        waiting.push(change);
        wake();
      });
      const abort = () => wake();
      signal.addEventListener("abort", abort);
      try {
        while (!signal.aborted) {
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
