import { useState } from "react";
import { type ClientFailure, failureOf } from "../../state/failure.ts";

export interface Action {
  readonly isRunning: boolean;
  readonly failure: ClientFailure | undefined;
  /** Runs the work; afterwards `done`, unless it failed. */
  run(work: () => Promise<unknown>, done?: () => void): void;
}

/** One thing at a time that a form does, with what became of it. */
export function useAction(): Action {
  const [isRunning, setRunning] = useState(false);
  const [failure, setFailure] = useState<ClientFailure>();
  return {
    isRunning,
    failure,
    run(work, done) {
      setRunning(true);
      setFailure(undefined);
      work()
        .then(done, (error: unknown) => setFailure(failureOf(error)))
        .finally(() => setRunning(false));
    },
  };
}
