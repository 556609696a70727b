import { type Poll, startPoll } from "../platform/poll.ts";
import type { Timers } from "../platform/timers.ts";
import type { Database } from "../store/index.ts";

/** What another process does over the same home is noticed this soon. */
const LOOK_MS = 1_000;

/** Tells that another process, such as a command, has written to this home. What it wrote is not known. */
export interface Elsewhere {
  subscribe(listener: () => void): () => void;
}

/** Looks only while anybody listens: SQLite counts the commits of other connections, which costs microseconds to ask. */
export function createElsewhere(database: Database, timers: Timers): Elsewhere {
  const commits = database.prepare<[], number>("PRAGMA data_version").pluck();
  const listeners = new Set<() => void>();
  let poll: Poll | undefined;
  let seen: number | undefined;
  const look = (): void => {
    const count = commits.get();
    if (count === seen) return;
    seen = count;
    for (const tell of listeners) tell();
  };
  return {
    subscribe(listener) {
      if (poll === undefined) {
        seen = commits.get();
        // A look that fails, over a locked file, finds the same count at its next turn.
        poll = startPoll(timers, LOOK_MS, look, () => {});
      }
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        poll?.stop();
        poll = undefined;
      };
    },
  };
}
