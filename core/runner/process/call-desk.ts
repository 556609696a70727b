import { executeRequestSchema } from "../../contract/execute.ts";
import type { RunnerMessage } from "../../contract/runner-protocol.ts";
import type { Executor } from "../execution/executor.ts";

/** One for all: a default reason is made anew, with a stack, for each call. */
const GIVEN_UP = new Error("the host gave the call up");

/** Takes the host's own calls from the channel: executes each, and sends its answer. */
export function createCallDesk(executor: Executor, send: (message: RunnerMessage) => Promise<void>) {
  const callers = new Map<number, AbortController>();
  const idle: (() => void)[] = [];

  async function execute(id: number, request: unknown): Promise<void> {
    const parsed = executeRequestSchema.safeParse(request);
    if (!parsed.success) return send({ type: "executed", id, response: undefined });
    const caller = new AbortController();
    callers.set(id, caller);
    const response = await executor.execute(parsed.data, caller.signal);
    callers.delete(id);
    await send({ type: "executed", id, response });
    if (callers.size === 0) for (const resolve of idle.splice(0)) resolve();
  }

  return {
    /** Resolves when the answer has been sent. */
    execute,
    giveUp(id: number): void {
      callers.get(id)?.abort(GIVEN_UP);
    },
    /** Resolves when no call is under way. */
    drained: (): Promise<void> =>
      new Promise((resolve) => {
        if (callers.size === 0) resolve();
        else idle.push(resolve);
      }),
  };
}
