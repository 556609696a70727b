import type { Finding } from "../../../core/contract/rpc/project.ts";
import { type ClientFailure, failureOf } from "../failure.ts";
import { createStore, type Readable } from "../store.ts";
import type { Timers } from "../timers.ts";

export const TYPE_CHECK_DELAY_MS = 400;

export interface TypeCheckState {
  readonly running: boolean;
  /** Why the compiler could not be run at all. */
  readonly failure?: ClientFailure | undefined;
}

/** The compiler's opinion of what is saved: asked for soon after a change, and again when one comes in between. */
export interface TypeCheck extends Readable<TypeCheckState> {
  ask(): void;
  /** Gives up the running check; the findings stay as they were. */
  stop(): void;
}

interface TypeChecker {
  checkTypes(signal: AbortSignal): Promise<readonly Finding[]>;
}

export function createTypeCheck(
  api: TypeChecker,
  timers: Timers,
  onFindings: (findings: readonly Finding[]) => void,
): TypeCheck {
  const store = createStore<TypeCheckState>({ running: false });
  let cancelTimer: (() => void) | undefined;
  let current: AbortController | undefined;
  const stop = (): void => {
    cancelTimer?.();
    current?.abort();
    current = undefined;
    store.set({ running: false });
  };
  const run = async (): Promise<void> => {
    const mine = new AbortController();
    current = mine;
    store.set({ running: true });
    try {
      const findings = await api.checkTypes(mine.signal);
      if (current !== mine) return;
      onFindings(findings);
      store.set({ running: false });
    } catch (error) {
      if (current !== mine) return;
      // A manifest that cannot be read, say: what the compiler found last stays, and the state says that it is old.
      store.set({ running: false, failure: failureOf(error) });
    }
  };
  return {
    get: store.get,
    subscribe: store.subscribe,
    stop,
    ask() {
      stop();
      cancelTimer = timers.after(TYPE_CHECK_DELAY_MS, () => void run());
    },
  };
}
