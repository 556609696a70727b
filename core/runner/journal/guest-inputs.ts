import { Buffer } from "node:buffer";
import { createCipheriv } from "node:crypto";
import { MAX_RECORDED_CLOCK_READINGS } from "../../contract/execution-journal.ts";

// Taken while there are globals: a guest's worker is left without.
const HostDate = Date;
/** Of the seed: a key of AES-256. */
export const RANDOM_SEED_BYTES = 32;
const IV_BYTES = 16;

/** What an execution is given besides its request: recorded, it is all that a replay needs. */
export interface GuestInputs {
  /** Milliseconds since the epoch. */
  wall(): number;
  fillRandom(bytes: Uint8Array): void;
  /** Readings so far; absent when there were more than are recorded. */
  wallClockMs(): readonly number[] | undefined;
}

/**
 * @param seed 32 bytes: randomness is the keystream of AES-256 under it, as unpredictable as the seed
 * @param readings answers the clock in place of the machine's; after the last one, that one stands still
 */
export function createGuestInputs(seed: Uint8Array, readings?: readonly number[]): GuestInputs {
  const taken: number[] = [];
  let isOver = false;
  let cipher: ReturnType<typeof createCipheriv> | undefined;
  let replayed = 0;
  return {
    wall() {
      const recorded = readings?.[Math.min(replayed++, readings.length - 1)];
      const now = recorded ?? HostDate.now();
      if (taken.length < MAX_RECORDED_CLOCK_READINGS) taken.push(now);
      else isOver = true;
      return now;
    },
    fillRandom(bytes) {
      cipher ??= createCipheriv("aes-256-ctr", seed, Buffer.alloc(IV_BYTES));
      bytes.set(cipher.update(new Uint8Array(bytes.byteLength)));
    },
    wallClockMs: () => (isOver ? undefined : taken),
  };
}
