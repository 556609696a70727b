import type { LogEvent } from "../../../core/contract/log-event.ts";
import type { LogLine, LogLinesState } from "../log-lines.ts";
import { createStore, type Readable, type Unsubscribe } from "../store.ts";

export interface LogViewState {
  /** Lines that pass the filter, in order of arrival. */
  readonly shown: readonly LogLine[];
  readonly paused: boolean;
  /** Lines that have arrived since the pause. */
  readonly waiting: number;
  /** Lines that were let go to make room; the host has them. */
  readonly dropped: number;
}

export interface LogView extends Readable<LogViewState> {
  filter(test: (event: LogEvent) => boolean): void;
  pause(): void;
  resume(): void;
  /** Follows the lines; the answer stops. */
  start(): Unsubscribe;
}

/** A filtered look at the log. Each line is judged once: what arrives costs what arrived, not what is kept. */
export function createLogView(lines: Readable<LogLinesState>): LogView {
  const store = createStore<LogViewState>({ shown: [], paused: false, waiting: 0, dropped: 0 });
  let test: (event: LogEvent) => boolean = () => true;
  let judged = 0;
  let frozen: LogLinesState | undefined;

  const judgeAll = (): void => {
    const source = frozen ?? lines.get();
    judged = source.lines.at(-1)?.key ?? 0;
    store.update((state) => ({
      ...state,
      shown: source.lines.filter(({ event }) => test(event)),
      dropped: source.received - source.lines.length,
    }));
  };

  const follow = (): void => {
    const now = lines.get();
    if (frozen) {
      const waiting = Math.max(0, now.received - frozen.received);
      store.update((state) => ({ ...state, waiting }));
      return;
    }
    const first = now.lines[0]?.key;
    const newest = now.lines.at(-1)?.key ?? 0;
    if (first === undefined || newest < judged) {
      // Cleared.
      judgeAll();
      return;
    }
    // Keys count up without a gap, so the lines that are new are found without looking at the others.
    const arrived = now.lines.slice(Math.max(0, judged + 1 - first)).filter(({ event }) => test(event));
    judged = newest;
    store.update((state) => {
      const stays = state.shown.findIndex(({ key }) => key >= first);
      const kept = stays === 0 ? state.shown : stays === -1 ? [] : state.shown.slice(stays);
      const shown = arrived.length === 0 ? kept : kept.concat(arrived);
      return { ...state, shown, dropped: now.received - now.lines.length };
    });
  };

  return {
    get: store.get,
    subscribe: store.subscribe,
    filter(next) {
      test = next;
      judgeAll();
    },
    pause() {
      frozen ??= lines.get();
      store.update((state) => ({ ...state, paused: true, waiting: 0 }));
    },
    resume() {
      frozen = undefined;
      store.update((state) => ({ ...state, paused: false, waiting: 0 }));
      judgeAll();
    },
    start() {
      judgeAll();
      return lines.subscribe(follow);
    },
  };
}
