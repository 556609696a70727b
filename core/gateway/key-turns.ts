/** Who waits, in this process, for a request of the same idempotency key to end. */
export class KeyTurns {
  readonly #ends = new Map<string, Promise<void>>();
  readonly #waiting = new Map<string, number>();

  /** Until the returned function is called, others of the key may wait. */
  begin(key: string): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#ends.set(key, promise);
    return () => {
      this.#ends.delete(key);
      resolve();
    };
  }

  /** `undefined`: nothing of the key is under way in this process. */
  endOf(key: string): Promise<void> | undefined {
    return this.#ends.get(key);
  }

  waiting(installId: string): number {
    return this.#waiting.get(installId) ?? 0;
  }

  /** Waits for the end or any of the signals, and says which. */
  async wait(
    end: Promise<void>,
    installId: string,
    signals: readonly AbortSignal[],
  ): Promise<"ended" | "gone"> {
    this.#waiting.set(installId, this.waiting(installId) + 1);
    const signal = AbortSignal.any([...signals]);
    const gone = Promise.withResolvers<"gone">();
    const onAbort = () => gone.resolve("gone");
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      if (signal.aborted) return "gone";
      return await Promise.race([end.then(() => "ended" as const), gone.promise]);
    } finally {
      signal.removeEventListener("abort", onAbort);
      const left = this.waiting(installId) - 1;
      if (left > 0) this.#waiting.set(installId, left);
      else this.#waiting.delete(installId);
    }
  }
}
