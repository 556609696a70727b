import { hrtime } from "node:process";

const NANOSECONDS_PER_MICROSECOND = 1_000n;

/** Microseconds of the machine's monotonic clock: one scale for every thread of the process. */
export function monotonicMicroseconds(): number {
  return Number(hrtime.bigint() / NANOSECONDS_PER_MICROSECOND);
}
