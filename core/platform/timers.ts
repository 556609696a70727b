/** Waiting as a dependency, so that tests move time by hand. */
export interface Timers {
  /** Runs `act` once after so many milliseconds. The answer calls it off; calling that twice is harmless. */
  after(ms: number, act: () => void): () => void;
}

/** Never keeps the process alive: what waits is recorded and is found again after a restart. */
export const systemTimers: Timers = {
  after(ms, act) {
    const timer = setTimeout(act, ms).unref();
    return () => clearTimeout(timer);
  },
};
