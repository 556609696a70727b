import type { UsageEvent, UsagePoint, UsageRange } from "../contract/rpc/quotas.ts";
import type { Clock } from "../platform/clock.ts";
import type { LiveUsage, UsageFilter } from "./live-usage.ts";

const SECOND_MS = 1_000;

interface RangeShape {
  readonly range_seconds: number;
  readonly step_seconds: number;
  /** Seconds are kept for an hour in memory, minutes in the database. */
  readonly from: "live" | "minutes";
}

const RANGES: Readonly<Record<UsageRange, RangeShape>> = {
  "5 min": { range_seconds: 300, step_seconds: 1, from: "live" },
  "1 h": { range_seconds: 3_600, step_seconds: 10, from: "live" },
  "24 h": { range_seconds: 86_400, step_seconds: 60, from: "minutes" },
};

export interface UsageFeedOptions {
  readonly live: Pick<LiveUsage, "points">;
  readonly minutes: { points(filter: UsageFilter, from: number, until: number): UsagePoint[] };
  readonly clock: Clock;
  /** Resolves after so long; rejects when the signal aborts. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

export interface UsageFeed {
  /** Everything of the range, then every step that is over. Ends when the signal aborts. */
  follow(filter: UsageFilter, range: UsageRange, signal: AbortSignal): AsyncIterable<readonly UsageEvent[]>;
}

export function createUsageFeed({ live, minutes, clock, pause }: UsageFeedOptions): UsageFeed {
  const now = () => Math.floor(clock.now().getTime() / SECOND_MS);
  const since = now();

  return {
    async *follow(filter, range, signal) {
      const { from: source, ...shape } = RANGES[range];
      const { step_seconds: step, range_seconds: length } = shape;
      const read = (from: number, until: number) =>
        source === "live" ? live.points(filter, from, until, step) : minutes.points(filter, from, until);
      // Before it started the host kept no seconds: nothing is drawn there, which is not the same as no calls.
      const earliest = source === "live" ? Math.max(since, now() - length) : now() - length;
      let next = Math.ceil(earliest / step) * step;
      let isFirst = true;
      while (!signal.aborted) {
        const until = Math.floor(now() / step) * step;
        // A clock that went back would otherwise wait until it is where it was.
        if (until < next - step) next = until;
        const points = until > next ? read(next, until) : [];
        if (isFirst || points.length > 0) yield [{ is_first: isFirst, ...shape, since, points }];
        isFirst = false;
        next = Math.max(next, until);
        try {
          await pause(Math.max(1, (next + step) * SECOND_MS - clock.now().getTime()), signal);
        } catch {
          return;
        }
      }
    },
  };
}
