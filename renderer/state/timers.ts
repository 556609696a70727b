/** Time as a dependency of the state, so that a test decides when it passes. */
export interface Timers {
  /** Calls once after `delayMs` milliseconds; the answer cancels. */
  after(delayMs: number, call: () => void): () => void;
}

export const systemTimers: Timers = {
  after(delayMs, call) {
    const timer = setTimeout(call, delayMs);
    return () => clearTimeout(timer);
  },
};
