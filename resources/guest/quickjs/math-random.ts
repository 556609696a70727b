import { randomBytes } from "./entropy.ts";

const MASK = 0xffff_ffff_ffff_ffffn;
let state = 0n;

/** From the host, once a call. */
function seed(): bigint {
  const seeded = randomBytes(8).reduce<bigint>((value, byte) => (value << 8n) | BigInt(byte), 0n);
  return seeded || 1n;
}

// xorshift64*, as in Vigna, "An experimental exploration of Marsaglia's xorshift generators" (2016).
Math.random = () => {
  state ||= seed();
  state ^= state >> 12n;
  state ^= (state << 25n) & MASK;
  state ^= state >> 27n;
  return Number(((state * 0x2545_f491_4f6c_dd1dn) & MASK) >> 11n) / 2 ** 53;
};
