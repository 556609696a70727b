import { Buffer } from "node:buffer";
import { describe, expect, it } from "vitest";
import { RANDOM_SEED_BYTES } from "../../../core/runner/journal/guest-inputs.ts";
import { randomSeed } from "../../../core/runner/journal/random-seeds.ts";

describe("seeds that are drawn many at once", () => {
  it("are each given once, and are none the less when their receiver overwrites one", () => {
    const seen = new Set<string>();
    for (let count = 1; count <= 300; count++) {
      const seed = randomSeed();
      seen.add(Buffer.from(seed).toString("hex"));
      // A view of what is drawn would reach those that follow.
      new Uint8Array(seed.buffer).fill(0);
      expect([seed.length, seed.buffer.byteLength, seen.size]).toEqual([
        RANDOM_SEED_BYTES,
        RANDOM_SEED_BYTES,
        count,
      ]);
    }
  });
});
