import type { Usage } from "../../../core/contract/execute.ts";
import type { HostCallRecord } from "../../../core/contract/execution-journal.ts";

/** A bar narrower than this, in percent of the axis, could not be seen. */
const MIN_WIDTH = 0.6;
/** The axis is narrow beside the names: more labels would lie over one another. */
const MAX_TICKS = 3;
/** Times are measured in microseconds: nothing is shorter. */
const MIN_AXIS_MS = 0.001;

export interface Bar {
  /** Percent of the axis. */
  readonly left: number;
  readonly width: number;
}

export interface Waterfall {
  /** Milliseconds from the execution's start. */
  readonly end_ms: number;
  readonly ticks: readonly { readonly left: number; readonly ms: number }[];
  /** In the order of the calls. */
  readonly bars: readonly Bar[];
}

/** Where each host call stands on a common axis that begins with the execution. */
export function waterfallOf(calls: readonly HostCallRecord[], durationMs: number): Waterfall {
  const end = Math.max(durationMs, ...calls.map((call) => call.start_ms + call.duration_ms), MIN_AXIS_MS);
  const step = niceStep(end / MAX_TICKS);
  const ticks = Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => ({
    ms: Number((index * step).toPrecision(6)),
    left: ((index * step) / end) * 100,
  }));
  const bars = calls.map(({ start_ms, duration_ms }) => {
    const width = Math.max(MIN_WIDTH, (duration_ms / end) * 100);
    return {
      left: Math.min(Math.max(0, (start_ms / end) * 100), 100 - MIN_WIDTH),
      width: Math.min(100, width),
    };
  });
  return { end_ms: end, ticks, bars };
}

/** 1, 2 or 5 times a power of ten, at least `wanted`. */
function niceStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= wanted) ?? 10 * power;
}

export interface TimeShare {
  readonly part: "guest" | "host" | "runner";
  readonly ms: number;
  /** Percent of the duration. */
  readonly share: number;
}

/** Where the time went; `undefined` when the runner did not say. What is neither guest nor host is the runner's. */
export function timeShares({ duration_ms, guest_ms, host_ms }: Usage): readonly TimeShare[] | undefined {
  if (guest_ms === undefined || host_ms === undefined || duration_ms <= 0) return undefined;
  const share = (part: TimeShare["part"], ms: number) => ({ part, ms, share: (ms / duration_ms) * 100 });
  return [
    share("guest", guest_ms),
    share("host", host_ms),
    share("runner", Math.max(0, duration_ms - guest_ms - host_ms)),
  ];
}
