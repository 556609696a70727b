/**
 * The engine seeds `Math.random` when the component is made: every call of an extension would see the same
 * sequence. Seed from the clock on first use instead. As everywhere, `Math.random` is not for secrets.
 */
let state = 0n;
const MASK = 0xffff_ffff_ffff_ffffn;

function seed(): bigint {
  const clock = BigInt(Date.now()) * 1_000_003n + BigInt(Math.floor(performance.now() * 1_000_000));
  return (clock * 0x9e37_79b9_7f4a_7c15n) & MASK || 1n;
}

// xorshift64*, as in Vigna, "An experimental exploration of Marsaglia's xorshift generators" (2016).
Math.random = () => {
  state ||= seed();
  state ^= state >> 12n;
  state ^= (state << 25n) & MASK;
  state ^= state >> 27n;
  return Number(((state * 0x2545_f491_4f6c_dd1dn) & MASK) >> 11n) / 2 ** 53;
};
