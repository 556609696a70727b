import { type LiveFilter, type LivePosition, positionText } from "../../contract/live-stream.ts";
import type { LogItem, LogPage, LogQuery } from "../../contract/log-query.ts";
import {
  batchOf,
  type ExecutionChange,
  type Frames,
  filterKey,
  framesFor,
  gapFrame,
  type LiveEntry,
} from "./live-entry.ts";
import { LiveReader } from "./live-reader.ts";

const PAGE_ROWS = 500;
/** Pages that readers are given in one turn of the event loop: within it none of them can take anything. */
const PAGES_A_TURN = 4;
/**
 * Between two batches: what is written meanwhile goes out with the next, so that a runner's many small batches cost each
 * reader one write. The first after a pause goes out at once.
 */
const BATCH_MS = 5;
/** Lines straight from the writer that wait for the next batch; more of them do not wait. */
const MAX_FRESH_LINES = PAGE_ROWS * PAGES_A_TURN;
/** What another process wrote (a command beside `serve`) is noticed this soon. */
const OTHER_PROCESS_POLL_MS = 500;
const END: LivePosition = { log: Number.MAX_SAFE_INTEGER, execution: Number.MAX_SAFE_INTEGER };

export interface LiveSources {
  logs: {
    query(query: LogQuery): LogPage;
    newest(): number;
    oldest(): number;
    subscribe(listener: (items: readonly LogItem[]) => void): () => void;
  };
  executions: {
    changes(after: number, limit: number): readonly ExecutionChange[];
    newestRevision(): number;
    subscribe(listener: () => void): () => void;
  };
}

export interface LiveStream {
  /**
   * Server-sent events, as bytes, from after `after` (default: from now) until the signal aborts. What was written
   * since `after` is read from the database at the reader's pace; from then on events are put into words once for all
   * readers with the same filter. A reader that is too slow for that is told what it missed.
   */
  open(
    filter: LiveFilter,
    options: { after?: LivePosition | undefined; signal: AbortSignal },
  ): AsyncIterable<Uint8Array>;
}

export function createLiveStream({ logs, executions }: LiveSources): LiveStream {
  const encoder = new TextEncoder();
  /** Readers by what they let pass: each filter is made ready when its first reader comes, and asked once a batch. */
  const groups = new Map<string, { readonly frames: Frames; readonly readers: Set<LiveReader> }>();
  let at: LivePosition = { log: 0, execution: 0 };
  let stop: (() => void) | undefined;
  let isGoingOn = false;
  /** Since the last batch. */
  let fresh: LogItem[] = [];
  let pause: NodeJS.Timeout | undefined;
  let isDue = false;

  /** One batch to every reader. */
  const publish = (entries: readonly LiveEntry[]): void => {
    const last = entries.at(-1);
    if (last === undefined) return;
    at = last.at;
    const encoded = new Map<LogItem, string>();
    for (const { frames, readers } of groups.values()) {
      const { bytes, events } = batchOf(entries, frames, encoded);
      if (events > 0) for (const reader of readers) reader.offer(bytes, events, at);
    }
  };

  const heard = (items: readonly LogItem[]): void => {
    for (const item of items) fresh.push(item);
    ring(fresh.length >= MAX_FRESH_LINES);
  };

  const ring = (isUrgent = false): void => {
    isDue = true;
    if (pause !== undefined && !isUrgent) return;
    clearTimeout(pause);
    pause = setTimeout(() => {
      pause = undefined;
      if (isDue) ring();
    }, BATCH_MS);
    isDue = false;
    pump();
  };

  /** Gives readers what is written, some pages a turn; the database holds what is yet to come. */
  const pump = (): void => {
    // Lines that came straight from the writer need no reading, unless others are to come before or between them.
    const isWhole = fresh[0]?.id === at.log + 1 && fresh.at(-1)?.id === at.log + fresh.length;
    if (isWhole) publish(fresh.map((line) => ({ line, at: { ...at, log: line.id } })));
    fresh = [];
    for (let page = 0; page < PAGES_A_TURN; page += 1) {
      const entries = entriesAfter(at);
      if (entries.length === 0) return;
      publish(entries);
    }
    if (isGoingOn) return;
    isGoingOn = true;
    setImmediate(() => {
      isGoingOn = false;
      if (stop !== undefined) pump();
    });
  };

  function entriesAfter(after: LivePosition): LiveEntry[] {
    const lines = after.log >= logs.newest() ? [] : logs.query({ after: after.log, limit: PAGE_ROWS }).items;
    if (lines.length > 0) return lines.map((line) => ({ line, at: { ...after, log: line.id } }));
    return executions
      .changes(after.execution, PAGE_ROWS)
      .map(({ record, revision }) => ({ record, at: { ...after, execution: revision } }));
  }

  function start(): () => void {
    at = { log: logs.newest(), execution: executions.newestRevision() };
    const leave = [logs.subscribe(heard), executions.subscribe(() => ring())];
    const timer = setInterval(() => ring(), OTHER_PROCESS_POLL_MS);
    timer.unref();
    return () => {
      clearInterval(timer);
      clearTimeout(pause);
      pause = undefined;
      isDue = false;
      fresh = [];
      for (const each of leave) each();
    };
  }

  /** What was written since `after`, page by page, until the reader stands where the others are. */
  async function* replay(filter: LiveFilter, after: LivePosition): AsyncGenerator<Uint8Array, LivePosition> {
    const frames = framesFor(filter);
    let place = after;
    const oldest = logs.oldest();
    if (place.log + 1 < oldest) {
      const to = { ...place, log: oldest - 1 };
      yield encoder.encode(gapFrame({ from: positionText(place), to: positionText(to) }, to));
      place = to;
    }
    for (;;) {
      const entries = entriesAfter(place);
      const last = entries.at(-1);
      if (last === undefined) return place;
      place = last.at;
      const { bytes, events } = batchOf(entries, frames);
      if (events > 0) yield bytes;
      // A long way back must not hold up the calls of the meantime.
      else await new Promise<void>((resolve) => void setImmediate(resolve));
    }
  }

  async function* follow(
    filter: LiveFilter,
    after: LivePosition,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    let reader: LiveReader | undefined;
    try {
      const past = replay(filter, after);
      let page = await past.next();
      for (; page.done !== true; page = await past.next()) {
        if (signal.aborted) return;
        yield page.value;
      }
      reader = join(filter, page.value);
      while (!signal.aborted) {
        const frames = await reader.next(signal);
        if (frames === undefined) return;
        yield frames;
      }
    } finally {
      if (reader !== undefined) leave(filter, reader);
    }
  }

  /** Nothing else runs in here, so nothing comes between the reader's past and what it is given from now on. */
  function join(filter: LiveFilter, place: LivePosition): LiveReader {
    stop ??= start();
    for (let entries = entriesAfter(at); entries.length > 0; entries = entriesAfter(at)) publish(entries);
    const reader = new LiveReader(place);
    const key = filterKey(filter);
    const group = groups.get(key) ?? { frames: framesFor(filter), readers: new Set() };
    let from = place;
    for (let entries = entriesAfter(from); entries.length > 0; entries = entriesAfter(from)) {
      from = entries.at(-1)?.at ?? from;
      const { bytes, events } = batchOf(entries, group.frames);
      if (events > 0) reader.offer(bytes, events, from);
    }
    group.readers.add(reader);
    groups.set(key, group);
    return reader;
  }

  function leave(filter: LiveFilter, reader: LiveReader): void {
    const key = filterKey(filter);
    const group = groups.get(key);
    group?.readers.delete(reader);
    if (group?.readers.size === 0) groups.delete(key);
    if (groups.size > 0) return;
    stop?.();
    stop = undefined;
  }

  /** A place that this home never came to is another home's: from now on, then. */
  function within({ log, execution }: LivePosition): LivePosition {
    return {
      log: Math.min(log, logs.newest()),
      execution: Math.min(execution, executions.newestRevision()),
    };
  }

  return {
    // From the moment of asking, not from when the first event is taken.
    open: (filter, { after = END, signal }) => follow(filter, within(after), signal),
  };
}
