import type { LogEvent } from "../../core/contract/log-event.ts";
import { createStore, type Readable } from "./store.ts";
import type { Timers } from "./timers.ts";

/** Lines kept for the eye; the host keeps them all. */
export const MAX_LOG_LINES = 100_000;
/** Lines that arrive within this time are shown together, so that a burst costs one paint, not thousands. */
export const LOG_BATCH_MS = 50;

export interface LogLine {
  /** Counts up from 1 in order of arrival; the line's identity on screen. */
  readonly key: number;
  readonly event: LogEvent;
}

export interface LogLinesState {
  readonly lines: readonly LogLine[];
  /** Every line received since the page was opened or cleared. */
  readonly received: number;
}

export interface LogLines extends Readable<LogLinesState> {
  append(event: LogEvent): void;
  clear(): void;
}

const EMPTY: LogLinesState = { lines: [], received: 0 };

export function createLogLines(timers: Timers): LogLines {
  const store = createStore(EMPTY);
  let pending: LogLine[] = [];
  let lastKey = 0;
  let cancelFlush: (() => void) | undefined;

  const flush = (): void => {
    cancelFlush = undefined;
    const arrived = pending;
    pending = [];
    store.update(({ lines, received }) => {
      const all = lines.concat(arrived);
      return {
        lines: all.length > MAX_LOG_LINES ? all.slice(-MAX_LOG_LINES) : all,
        received: received + arrived.length,
      };
    });
  };

  return {
    get: store.get,
    subscribe: store.subscribe,
    append(event) {
      lastKey += 1;
      pending.push({ key: lastKey, event });
      cancelFlush ??= timers.after(LOG_BATCH_MS, flush);
    },
    clear() {
      cancelFlush?.();
      cancelFlush = undefined;
      pending = [];
      store.set(EMPTY);
    },
  };
}
