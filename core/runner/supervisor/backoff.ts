const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 10_000;
/** A runner that lived this long died of something else than the start. */
const STEADY_AFTER_MS = 30_000;

/** Delay before the next start: none after a steady life, then doubling. */
export class Backoff {
  #failures = 0;

  next(livedMs: number): number {
    if (livedMs >= STEADY_AFTER_MS) this.#failures = 0;
    const delay =
      this.#failures === 0 ? 0 : Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (this.#failures - 1));
    this.#failures++;
    return delay;
  }
}
