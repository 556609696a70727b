import type { Timers } from "./timers.ts";

export interface Poll {
  /** Looks at once instead of at the next turn. */
  wake(): void;
  stop(): void;
}

/**
 * Calls `look` at once and then at every interval. A look that throws, as over a locked or full disk, is told to
 * `onFailure` and does not end the poll: the next one finds the same work again.
 */
export function startPoll(
  timers: Timers,
  intervalMs: number,
  look: () => void,
  onFailure: (error: unknown) => void,
): Poll {
  let isStopped = false;
  let cancel = () => {};
  const turn = (): void => {
    if (isStopped) return;
    try {
      look();
    } catch (error) {
      onFailure(error);
    }
    cancel = timers.after(intervalMs, turn);
  };
  turn();
  return {
    wake() {
      cancel();
      turn();
    },
    stop() {
      isStopped = true;
      cancel();
    },
  };
}
