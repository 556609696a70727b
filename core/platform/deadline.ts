import { systemTimers } from "./timers.ts";

export interface Deadline {
  readonly signal: AbortSignal;
  /** Lets go of what waits for it. The signal then stays as it is. */
  end(): void;
}

/** A constant: a `DOMException` made anew writes its stack down. */
const TIMED_OUT = new DOMException("The time is over.", "TimeoutError");

/**
 * A signal that aborts after so many milliseconds, unless it is ended before. `AbortSignal.timeout` cannot be: with
 * hundreds of calls a second, thousands of them would wait for a time that no longer matters.
 */
export function startDeadline(ms: number): Deadline {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    end: systemTimers.after(ms, () => controller.abort(TIMED_OUT)),
  };
}
