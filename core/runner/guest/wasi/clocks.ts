import { type MonotonicClock, Pollable } from "./poll.ts";

const NANOSECONDS_PER_MILLISECOND = 1_000_000;

/** Time as an execution sees it. */
export interface GuestClock extends MonotonicClock {
  /** Milliseconds since the epoch. */
  wall(): number;
}

export function monotonicClock(clock: GuestClock) {
  return {
    now: () => clock.now(),
    resolution: () => 1n,
    subscribeInstant: (when: bigint) => new Pollable(clock, when),
    subscribeDuration: (duration: bigint) => new Pollable(clock, clock.now() + duration),
  };
}

export function wallClock(clock: GuestClock) {
  return {
    now() {
      const milliseconds = clock.wall();
      return {
        seconds: BigInt(Math.floor(milliseconds / 1_000)),
        nanoseconds: Math.floor((milliseconds % 1_000) * NANOSECONDS_PER_MILLISECOND),
      };
    },
    resolution: () => ({ seconds: 0n, nanoseconds: NANOSECONDS_PER_MILLISECOND }),
  };
}
