/**
 * Values that are dear to make, by key: made once however many ask at the same time, and the longest unused
 * dropped when all together weigh more than the cap. A value over the cap by itself is handed out and not kept.
 */
export class WeightedCache<Value> {
  readonly #cap: number;
  readonly #weigh: (value: Value) => number;
  /** In order of use, the longest unused first. */
  readonly #kept = new Map<string, { readonly value: Value; readonly weight: number }>();
  readonly #making = new Map<string, Promise<Value>>();
  #weight = 0;

  constructor(cap: number, weigh: (value: Value) => number) {
    this.#cap = cap;
    this.#weigh = weigh;
  }

  get size(): number {
    return this.#kept.size;
  }

  get weight(): number {
    return this.#weight;
  }

  /** A failure is not kept: the next one to ask tries again. */
  get(key: string, make: () => Promise<Value>): Promise<Value> {
    const kept = this.#kept.get(key);
    if (kept !== undefined) {
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      return Promise.resolve(kept.value);
    }
    const making = this.#making.get(key);
    if (making !== undefined) return making;
    const made = make().then((value) => {
      this.#keep(key, value);
      return value;
    });
    this.#making.set(key, made);
    const done = () => this.#making.delete(key);
    made.then(done, done);
    return made;
  }

  #keep(key: string, value: Value): void {
    const weight = this.#weigh(value);
    if (weight > this.#cap) return;
    this.#kept.set(key, { value, weight });
    this.#weight += weight;
    for (const [oldest, entry] of this.#kept) {
      if (this.#weight <= this.#cap) return;
      this.#kept.delete(oldest);
      this.#weight -= entry.weight;
    }
  }
}
