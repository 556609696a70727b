import { type ClientFailure, failureOf } from "../failure.ts";
import { createStore, type Readable } from "../store.ts";

export interface ActionState<Output> {
  readonly running: boolean;
  readonly failure: ClientFailure | undefined;
  readonly result: Output | undefined;
}

/** Something that the user asked for: under way, done, or failed with what to do about it. */
export interface Action<Input, Output> extends Readable<ActionState<Output>> {
  /** Answers the result; `undefined` when it failed or was cancelled. Runs once at a time: asked again meanwhile, it does nothing. */
  run(input: Input): Promise<Output | undefined>;
  /** Gives up what is under way. */
  cancel(): void;
  /** Forgets the last outcome. */
  reset(): void;
}

const IDLE = { running: false, failure: undefined, result: undefined };

export function createAction<Input, Output>(
  perform: (input: Input, signal: AbortSignal) => Promise<Output>,
): Action<Input, Output> {
  const store = createStore<ActionState<Output>>(IDLE);
  let current: AbortController | undefined;
  return {
    get: store.get,
    subscribe: store.subscribe,
    async run(input) {
      if (current !== undefined) return undefined;
      const mine = new AbortController();
      current = mine;
      store.set({ ...IDLE, running: true });
      try {
        const result = await perform(input, mine.signal);
        if (current !== mine) return undefined;
        store.set({ ...IDLE, result });
        return result;
      } catch (error) {
        if (current === mine) store.set({ ...IDLE, failure: failureOf(error) });
        return undefined;
      } finally {
        if (current === mine) current = undefined;
      }
    },
    cancel() {
      if (current === undefined) return;
      current.abort();
      current = undefined;
      store.set(IDLE);
    },
    reset() {
      if (current === undefined) store.set(IDLE);
    },
  };
}
