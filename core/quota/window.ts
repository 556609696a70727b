import type { WindowPeriod } from "../contract/limit-catalogue.ts";

const MINUTE_MS = 60_000;
const LENGTH_MS = { minute: MINUTE_MS, hour: 60 * MINUTE_MS, day: 24 * 60 * MINUTE_MS } as const;

export interface Window {
  /** ISO 8601, UTC. */
  readonly start: string;
  readonly endsInMs: number;
}

interface Span {
  readonly start: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The windows of the clock, UTC, that moments lie in. A month is a calendar month. */
export interface Windows {
  of(period: WindowPeriod, at: Date): Window;
}

/** Remembers the last window of each period: calls come together, and writing a time out is dear. */
export function createWindows(): Windows {
  const last = new Map<WindowPeriod, Span>();
  return {
    of(period, at) {
      const ms = at.getTime();
      let span = last.get(period);
      if (span === undefined || ms < span.fromMs || ms >= span.untilMs) {
        span = spanOf(period, at);
        last.set(period, span);
      }
      return { start: span.start, endsInMs: span.untilMs - ms };
    },
  };
}

function spanOf(period: WindowPeriod, at: Date): Span {
  const [fromMs, untilMs] = boundsOf(period, at);
  return { start: new Date(fromMs).toISOString(), fromMs, untilMs };
}

function boundsOf(period: WindowPeriod, at: Date): readonly [number, number] {
  if (period === "month") {
    const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
    return [Date.UTC(year, month), Date.UTC(year, month + 1)];
  }
  const length = LENGTH_MS[period];
  const from = Math.floor(at.getTime() / length) * length;
  return [from, from + length];
}
