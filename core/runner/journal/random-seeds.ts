import { randomFillSync } from "node:crypto";
import { RANDOM_SEED_BYTES } from "./guest-inputs.ts";

/** Asking the system for few bytes costs as much as asking for many. */
const SEEDS_AT_ONCE = 128;
const pool = new Uint8Array(SEEDS_AT_ONCE * RANDOM_SEED_BYTES);
let next = pool.length;

/** A fresh seed; each is given once, and not kept. */
export function randomSeed(): Uint8Array {
  if (next === pool.length) {
    randomFillSync(pool);
    next = 0;
  }
  const seed = pool.slice(next, next + RANDOM_SEED_BYTES);
  pool.fill(0, next, next + RANDOM_SEED_BYTES);
  next += RANDOM_SEED_BYTES;
  return seed;
}
