import type { Timers } from "./timers.ts";

export interface Poll {
  /** Looks at once instead of at the next turn. */
  wake(): void;
  stop(): void;
}

/** Calls `look` at once and then at every interval. `look` must not throw: nobody would hear of it. */
export function startPoll(timers: Timers, intervalMs: number, look: () => void): Poll {
  let isStopped = false;
  let cancel = () => {};
  const turn = (): void => {
    if (isStopped) return;
    look();
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
