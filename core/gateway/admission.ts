import { type Bucket, type ScopedTake, type ScopeLimits, takeToken } from "../policy/index.ts";
import { EgressReserve } from "./egress-reserve.ts";
import { SlotQueue } from "./slot-queue.ts";

/** Buckets that were used since start stay in memory up to this many, then the longest idle ones go: they are full. */
const MAX_TRACKED = 10_000;

/** A token of each bucket of one call. */
export interface Reservation {
  readonly takes: readonly ScopedTake[];
  /** Gives the tokens back; calling it again does nothing. */
  refund(): void;
}

/**
 * Rate buckets, running and waiting calls, egress set aside, and bodies on their way, in memory. It decides nothing: policy reads it and
 * the gateway commits what policy allowed. A restart starts with full buckets.
 */
export class Admission {
  readonly slots = new SlotQueue();
  readonly egress = new EgressReserve();
  /** The map's order is by last use. */
  readonly #buckets = new Map<string, Bucket>();
  readonly #arriving = new Map<string, number>();

  /** Takes a token of every bucket if all have one, else of none. */
  reserve(scopes: readonly ScopeLimits[], nowMs: number): Reservation {
    const takes = this.#takes(scopes, nowMs);
    if (takes.some(({ take }) => !take.allowed)) return { takes, refund: () => {} };
    for (const { key, take } of takes) this.#keep(key, take.bucket);
    const refund = once(() => {
      for (const { key, burst } of takes) {
        const bucket = this.#buckets.get(key);
        if (bucket !== undefined) {
          this.#buckets.set(key, { ...bucket, tokens: Math.min(burst.value, bucket.tokens + 1) });
        }
      }
    });
    return { takes, refund };
  }

  /** What each bucket would say, without taking from any. */
  peek(scopes: readonly ScopeLimits[], nowMs: number): readonly ScopedTake[] {
    return this.#takes(scopes, nowMs);
  }

  arriving(installId: string): number {
    return this.#arriving.get(installId) ?? 0;
  }

  /** Counts a request body until the returned function is called. */
  arrive(installId: string): () => void {
    this.#arriving.set(installId, this.arriving(installId) + 1);
    return once(() => {
      const left = this.arriving(installId) - 1;
      if (left > 0) this.#arriving.set(installId, left);
      else this.#arriving.delete(installId);
    });
  }

  #takes(scopes: readonly ScopeLimits[], nowMs: number): (ScopedTake & { readonly key: string })[] {
    return scopes.flatMap(({ scope, id, rate }) => {
      if (rate === undefined) return [];
      const key = keyOf({ scope, id });
      const policy = { perMinute: rate.perMinute.value, burst: rate.burst.value };
      return [{ key, scope, ...rate, take: takeToken(this.#buckets.get(key), policy, nowMs) }];
    });
  }

  /** Re-inserted, so that the first is the one that has been idle longest. */
  #keep(key: string, bucket: Bucket): void {
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size <= MAX_TRACKED) return;
    const [oldest] = this.#buckets.keys();
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}

export function keyOf({ scope, id }: Pick<ScopeLimits, "scope" | "id">): string {
  return `${scope}:${id}`;
}

function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (!done) act();
    done = true;
  };
}
