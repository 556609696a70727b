import type { Clock } from "../../core/platform/clock.ts";
import type { Timers } from "../../core/platform/timers.ts";

/** A clock and its timers: time stands still until a test moves it. */
export interface TestTime {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Moves time on in steps of seconds; what falls due is done at the end of its step. */
  advance(ms: number): void;
  /** Moves the clock alone, as a machine that slept or was off. */
  jumpTo(iso: string): void;
}

/** Short against everything that is measured in minutes, long enough that a test of a day takes no second. */
const STEP_MS = 30_000;

export function createTestTime(start: string): TestTime {
  let now = Date.parse(start);
  const waiting = new Set<{ at: number; act: () => void }>();
  return {
    clock: { now: () => new Date(now) },
    timers: {
      after(ms, act) {
        const entry = { at: now + ms, act };
        waiting.add(entry);
        return () => void waiting.delete(entry);
      },
    },
    advance(ms) {
      const end = now + ms;
      while (now < end) {
        now = Math.min(now + STEP_MS, end);
        for (const entry of [...waiting].filter(({ at }) => at <= now)) {
          waiting.delete(entry);
          entry.act();
        }
      }
    },
    jumpTo(iso) {
      now = Date.parse(iso);
    },
  };
}
