import { randomFillSync } from "node:crypto";

/** One call's worth, so that a guest cannot make the host allocate without end. */
const MAX_RANDOM_BYTES = 1024 * 1024;

/** Source of randomness of an execution. */
export type FillRandom = (bytes: Uint8Array) => void;

export const systemRandom: FillRandom = (bytes) => void randomFillSync(bytes);

export function randomInterfaces(fill: FillRandom) {
  const bytes = (length: bigint) => {
    if (length > MAX_RANDOM_BYTES)
      throw new Error(`wasi:random: more than ${MAX_RANDOM_BYTES} bytes in one call`);
    const filled = new Uint8Array(Number(length));
    fill(filled);
    return filled;
  };
  const u64 = () => new DataView(bytes(8n).buffer).getBigUint64(0, true);
  return {
    random: { getRandomBytes: bytes, getRandomU64: u64 },
    insecure: { getInsecureRandomBytes: bytes, getInsecureRandomU64: u64 },
    insecureSeed: { insecureSeed: () => [u64(), u64()] },
  };
}
