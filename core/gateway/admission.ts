import type { Bucket, TokenTake } from "../policy/index.ts";

/** Installs that were called since start stay in memory up to this many, then the idle ones go. */
const MAX_TRACKED_INSTALLS = 10_000;

interface Slot {
  bucket: Bucket | undefined;
  inFlight: number;
  /** Request bodies on their way. */
  arriving: number;
}

/**
 * Rate buckets and running calls of every install, in memory. It decides nothing: policy reads it and the gateway
 * commits what policy allowed. A restart starts with full buckets.
 */
export class Admission {
  readonly #slots = new Map<string, Slot>();

  bucket(installId: string): Bucket | undefined {
    return this.#slots.get(installId)?.bucket;
  }

  inFlight(installId: string): number {
    return this.#slots.get(installId)?.inFlight ?? 0;
  }

  /** Spends the token and occupies a slot until the returned function is called; calling it again does nothing. */
  commit(installId: string, take: TokenTake): () => void {
    const slot = this.#touch(installId);
    slot.bucket = take.bucket;
    slot.inFlight += 1;
    return once(() => {
      slot.inFlight -= 1;
    });
  }

  arriving(installId: string): number {
    return this.#slots.get(installId)?.arriving ?? 0;
  }

  /** Counts a request body until the returned function is called. */
  arrive(installId: string): () => void {
    const slot = this.#touch(installId);
    slot.arriving += 1;
    return once(() => {
      slot.arriving -= 1;
    });
  }

  /** Re-inserted, so that the map's order is by last use. */
  #touch(installId: string): Slot {
    const slot = this.#slots.get(installId) ?? { bucket: undefined, inFlight: 0, arriving: 0 };
    this.#slots.delete(installId);
    this.#slots.set(installId, slot);
    this.#forgetIdle();
    return slot;
  }

  #forgetIdle(): void {
    if (this.#slots.size <= MAX_TRACKED_INSTALLS) return;
    for (const [installId, slot] of this.#slots) {
      if (slot.inFlight > 0 || slot.arriving > 0) continue;
      this.#slots.delete(installId);
      return;
    }
  }
}

function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (!done) act();
    done = true;
  };
}
