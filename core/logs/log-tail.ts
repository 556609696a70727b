import type { LogFilter, LogItem, LogPage, LogQuery } from "../contract/log-query.ts";

const PAGE_LINES = 500;
/** Lines that another process wrote (a command beside `serve`) are noticed this soon. */
const OTHER_PROCESS_POLL_MS = 500;

export interface TailSource {
  query(query: LogQuery): LogPage;
  newest(): number;
  subscribe(listener: () => void): () => void;
}

/** Starts to listen at once, before the first page is asked for. */
export function tailLog(
  source: TailSource,
  filter: LogFilter,
  after: number,
  signal: AbortSignal,
): AsyncIterable<readonly LogItem[]> {
  const bell = createBell(source, signal);
  return follow(source, filter, after, signal, bell);
}

async function* follow(
  source: TailSource,
  filter: LogFilter,
  after: number,
  signal: AbortSignal,
  bell: Bell,
): AsyncGenerator<readonly LogItem[]> {
  let cursor = after;
  try {
    while (!signal.aborted) {
      // Taken first: what is written during the query is after it and read next time.
      const newest = source.newest();
      const { items } = source.query({ ...filter, after: cursor, limit: PAGE_LINES });
      if (items.length > 0) yield items;
      const last = items.at(-1)?.id ?? cursor;
      // A page that is not full has seen everything up to `newest`, lines that the filter leaves out included.
      cursor = items.length < PAGE_LINES ? Math.max(last, newest) : last;
      if (items.length < PAGE_LINES) await bell.next();
    }
  } finally {
    bell.dispose();
  }
}

interface Bell {
  /** Resolves when something was written since the last call, after the poll interval, or on abort. */
  next(): Promise<void>;
  dispose(): void;
}

function createBell(source: TailSource, signal: AbortSignal): Bell {
  let rung = false;
  let wake: (() => void) | undefined;
  const ring = () => {
    rung = true;
    wake?.();
  };
  const unsubscribe = source.subscribe(ring);
  const dispose = () => {
    unsubscribe();
    signal.removeEventListener("abort", onAbort);
  };
  const onAbort = () => {
    // A reader that never asked for a page never reaches its own clean-up.
    dispose();
    ring();
  };
  signal.addEventListener("abort", onAbort, { once: true });
  return {
    next: async () => {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, OTHER_PROCESS_POLL_MS);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      wake = undefined;
      rung = false;
    },
    dispose,
  };
}
