import { type Poll, startPoll } from "../platform/poll.ts";
import type { Timers } from "../platform/timers.ts";

/** What nobody announces is noticed this soon. */
const LOOK_MS = 1_000;

/**
 * Tells of changes that no window has made: another process, such as a command, has written to this home, or the host
 * itself to its registry, for the loop, for a tool at the control API, or because the runner refused a bundle.
 */
export interface Elsewhere {
  subscribe(listener: () => void): () => void;
}

/**
 * Looks only while anybody listens, which costs microseconds.
 * @param revision the same text as long as nothing was written
 */
export function createElsewhere(revision: () => string, timers: Timers): Elsewhere {
  const listeners = new Set<() => void>();
  let poll: Poll | undefined;
  let seen: string | undefined;
  const look = (): void => {
    const now = revision();
    if (now === seen) return;
    seen = now;
    for (const tell of listeners) tell();
  };
  return {
    subscribe(listener) {
      if (poll === undefined) {
        seen = revision();
        // A look that fails, over a locked file, finds the same at its next turn.
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
