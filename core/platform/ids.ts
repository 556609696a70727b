import { randomBytes, randomFillSync, randomUUID } from "node:crypto";

/** Identity and randomness as a dependency. */
export interface Ids {
  /** A version 4 UUID. */
  uuid(): string;
  /**
   * A version 7 UUID, which tells when it was made, after all others of this process. For what is written by the hundred
   * a second and looked up by its id: ids in the order of their rows are written into few pages of an index.
   */
  timeOrdered(): string;
  /** `bytes` random bytes as unpadded base64url. */
  token(bytes: number): string;
}

const TIME_BYTES = 6;
const RANDOM_BYTES = 10;
/** Random bytes are taken from the system for so many ids at once. */
const IDS_A_POOL = 400;
const VERSION = 0x7000;
/** Ids of one millisecond are counted in the 12 bits after it, from a random place in the lower half. */
const MAX_COUNT = 0xfff;
const START_MASK = 0x7ff;

/** RFC 9562, section 5.7, with the counter of 6.2. A clock that is set back does not bring the order back. */
export function createTimeOrdered(now: () => number): () => string {
  const pool = Buffer.alloc(IDS_A_POOL * RANDOM_BYTES);
  const id = Buffer.alloc(TIME_BYTES + RANDOM_BYTES);
  let used = pool.byteLength;
  let time = 0;
  let count = 0;
  return () => {
    if (used === pool.byteLength) {
      randomFillSync(pool);
      used = 0;
    }
    pool.copy(id, TIME_BYTES, used, used + RANDOM_BYTES);
    used += RANDOM_BYTES;
    const at = now();
    if (at > time || count === MAX_COUNT) {
      time = Math.max(at, time + 1);
      count = id.readUInt16BE(TIME_BYTES) & START_MASK;
    } else count += 1;
    id.writeUIntBE(time, 0, TIME_BYTES);
    id.writeUInt16BE(VERSION | count, TIME_BYTES);
    id.writeUInt8((id.readUInt8(TIME_BYTES + 2) & 0x3f) | 0x80, TIME_BYTES + 2);
    const hex = id.toString("hex");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  };
}

export const randomIds: Ids = {
  uuid: () => randomUUID(),
  timeOrdered: createTimeOrdered(Date.now),
  token: (bytes) => randomBytes(bytes).toString("base64url"),
};
