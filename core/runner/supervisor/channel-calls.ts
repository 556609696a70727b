import { type ExecuteRequest, type ExecuteResponse, executeResponseSchema } from "../../contract/execute.ts";
import type { HostMessage, RunnerMessage } from "../../contract/runner-protocol.ts";
import { RunnerError, unavailable } from "../errors.ts";

interface Waiting {
  readonly resolve: (response: ExecuteResponse) => void;
  readonly reject: (reason: unknown) => void;
}

/** The calls that one runner process has been asked for over its channel, until it answers or ends. */
export class ChannelCalls {
  readonly #send: (message: HostMessage) => void;
  readonly #waiting = new Map<number, Waiting>();
  #sequence = 0;

  constructor(send: (message: HostMessage) => void) {
    this.#send = send;
  }

  /**
   * @throws RunnerError `runner_unavailable` (the process ended during the call), `runner_protocol`.
   * An abort gives the call up and rejects with the signal's reason.
   */
  execute(request: ExecuteRequest, signal: AbortSignal | undefined): Promise<ExecuteResponse> {
    const id = ++this.#sequence;
    const { promise, resolve, reject } = Promise.withResolvers<ExecuteResponse>();
    const giveUp = (): void => {
      this.#waiting.delete(id);
      this.#send({ type: "give-up", id });
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", giveUp);
    const over = <Given>(then: (given: Given) => void) => {
      return (given: Given): void => {
        signal?.removeEventListener("abort", giveUp);
        then(given);
      };
    };
    this.#waiting.set(id, { resolve: over(resolve), reject: over(reject) });
    this.#send({ type: "execute", id, request });
    return promise;
  }

  executed({ id, response }: Extract<RunnerMessage, { type: "executed" }>): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    const parsed = executeResponseSchema.safeParse(response);
    if (parsed.success) waiting?.resolve(parsed.data);
    else
      waiting?.reject(
        new RunnerError({
          code: "runner_protocol",
          kind: "system",
          message: "The runner's answer is not an execute response.",
        }),
      );
  }

  /** The process has ended: nobody knows how far it came with what was under way. */
  lost(how: string): void {
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of all) reject(unavailable(`The runner went away during the call: it ${how}.`));
  }
}
