import type { Meter } from "./meter.ts";

/**
 * A monotonic clock for the guest that runs on its fuel: one nanosecond a unit, which is about what a unit takes.
 *
 * StarlingMonkey reads the monotonic clock while it collects garbage and branches on what it sees; with a real clock
 * the same call on the same input costs a unit of fuel more or less. It also leaves the guest no timer fine enough
 * to measure the machine by.
 */
export interface FuelClock {
  /** Nanoseconds since the instance was made. */
  now(): bigint;
  /** Moves the clock on after the guest has slept, which costs it no fuel. */
  advance(nanoseconds: bigint): void;
}

export function createFuelClock(meter: Pick<Meter, "usage">): FuelClock {
  let slept = 0n;
  /** Fuel taken in advance is given back (0186), but no clock goes back. */
  let used = 0;
  return {
    now() {
      used = Math.max(used, meter.usage().fuelUsed);
      return BigInt(used) + slept;
    },
    advance(nanoseconds) {
      if (nanoseconds > 0n) slept += nanoseconds;
    },
  };
}
