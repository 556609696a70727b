import type { WindowPeriod } from "../contract/limit-catalogue.ts";

const MINUTE_MS = 60_000;
const LENGTH_MS = { minute: MINUTE_MS, hour: 60 * MINUTE_MS, day: 24 * 60 * MINUTE_MS } as const;

export interface Window {
  /** ISO 8601, UTC. */
  readonly start: string;
  readonly endsInMs: number;
}

/** The window of the clock, UTC, that `at` lies in. A month is a calendar month. */
export function windowOf(period: WindowPeriod, at: Date): Window {
  const ms = at.getTime();
  if (period === "month") {
    const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
    return {
      start: new Date(Date.UTC(year, month)).toISOString(),
      endsInMs: Date.UTC(year, month + 1) - ms,
    };
  }
  const length = LENGTH_MS[period];
  const start = Math.floor(ms / length) * length;
  return { start: new Date(start).toISOString(), endsInMs: start + length - ms };
}
