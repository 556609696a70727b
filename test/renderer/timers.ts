import type { Timers } from "../../renderer/state/timers.ts";

export interface ManualTimers extends Timers {
  /** Delays of the calls that wait, in the order in which they were asked for. */
  readonly waiting: readonly number[];
  /** Lets every waiting call happen. */
  elapse(): void;
}

/** Time that passes when the test says so. */
export function createManualTimers(): ManualTimers {
  let calls: { delayMs: number; call: () => void }[] = [];
  return {
    get waiting() {
      return calls.map(({ delayMs }) => delayMs);
    },
    after(delayMs, call) {
      const entry = { delayMs, call };
      calls.push(entry);
      return () => {
        calls = calls.filter((other) => other !== entry);
      };
    },
    elapse() {
      const due = calls;
      calls = [];
      for (const { call } of due) call();
    },
  };
}
