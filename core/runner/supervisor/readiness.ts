import { unavailable } from "../errors.ts";

/** Whether the runner takes calls, for those who wait until it does. */
export class Readiness {
  #next = pending();

  /** Rejects when the present start fails. */
  get reached(): Promise<void> {
    return this.#next.promise;
  }

  /** It has been reached. */
  reach(): void {
    this.#next.resolve();
  }

  /** Nobody need wait for the present start any more. */
  fail(reason: unknown): void {
    this.#next.reject(reason);
  }

  /** From now on the next start is what is waited for. */
  renew(): void {
    this.#next = pending();
  }

  /** @throws RunnerError `runner_unavailable` after that time, or with what the start failed of. */
  async within(milliseconds: number): Promise<void> {
    const late = Promise.withResolvers<never>();
    const patience = setTimeout(
      () => late.reject(unavailable("The runner is still being started.")),
      milliseconds,
    );
    try {
      await Promise.race([this.reached, late.promise]);
    } finally {
      clearTimeout(patience);
    }
  }
}

function pending(): PromiseWithResolvers<void> {
  const resolvers = Promise.withResolvers<void>();
  // Nobody may be waiting.
  resolvers.promise.catch(() => undefined);
  return resolvers;
}
