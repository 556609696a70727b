import { HOST_CALLS, HostCallError, type HostCallMethod } from "../../contract/host-calls.ts";
import { type HostReply, hostCallSchema } from "../../contract/runner-protocol.ts";
import type { ExecutionScope, HostAnswers, HostCallScope } from "../../platform/host-answers.ts";

/** Which tenants have this version of an extension installed and enabled; answered by the registry. */
export interface UiDirectory {
  /** `extensionId`: registry id, install id or name, as it stands in the asset's URL. Empty: not to be served. */
  tenantsWith(extensionId: string, contentHash: string): readonly string[] | Promise<readonly string[]>;
}

export type HostAnswer =
  | { readonly ok: true; readonly value: unknown }
  | Omit<Extract<HostReply, { ok: false }>, "type" | "id">;

/** Answers the runner's calls, each within the scope registered for its execution. */
export interface HostBroker {
  register(executionId: string, scope: ExecutionScope): void;
  /** Calls of the execution that are still under way are given up. */
  release(executionId: string): void;
  /** `call` is what the runner sent, unchecked. Never throws: an untrusted process is no reason to fail. */
  answer(call: unknown): Promise<HostAnswer>;
}

export interface HostBrokerOptions {
  /** One answer for every method of `HOST_CALLS`. */
  readonly answers: HostAnswers<typeof HOST_CALLS>;
  readonly ui: UiDirectory;
}

interface Registration {
  readonly scope: HostCallScope;
  readonly over: AbortController;
}

const GIVEN_UP: HostAnswer = {
  ok: false,
  refusal: "internal",
  detail: "the execution is not known to the host any more",
  over: true,
};
/** One for all: a default reason is made anew, with a stack, for each call. */
const OVER = new Error("the execution is over");

export function createHostBroker({ answers, ui }: HostBrokerOptions): HostBroker {
  const registrations = new Map<string, Registration>();

  async function dispatch(call: unknown): Promise<HostAnswer> {
    const parsed = hostCallSchema.safeParse(call);
    if (!parsed.success) throw new HostCallError("internal", "the call is malformed");
    const { data } = parsed;
    if (data.method === "ui.resolve")
      return { ok: true, value: await ui.tenantsWith(data.params.extension_id, data.params.content_hash) };
    const registration = registrations.get(data.execution_id);
    // Its caller has gone, and the runner may not have heard of that yet. A refusal would be an error that no author
    // of an extension has made: an engine writes such a one into the log as its own crash.
    if (registration === undefined) return GIVEN_UP;
    try {
      return { ok: true, value: await ask(data.method, registration.scope, data.params) };
    } catch (error) {
      if (registration.over.signal.aborted) return GIVEN_UP;
      throw error;
    }
  }

  function ask(method: HostCallMethod, scope: HostCallScope, given: unknown): unknown {
    const params = HOST_CALLS[method].safeParse(given);
    if (!params.success) throw new HostCallError("internal", "the call is malformed");
    // The mapped type joins each method's parameters to its answer; the method chose both.
    const answer = answers[method] as (scope: HostCallScope, params: unknown) => unknown;
    return answer(scope, params.data);
  }

  return {
    register(executionId, scope) {
      const over = new AbortController();
      registrations.set(executionId, {
        over,
        scope: { ...scope, execution_id: executionId, signal: over.signal },
      });
    },
    release(executionId) {
      registrations.get(executionId)?.over.abort(OVER);
      registrations.delete(executionId);
    },
    async answer(call) {
      try {
        return await dispatch(call);
      } catch (error) {
        if (error instanceof HostCallError) return { ok: false, refusal: error.code, detail: error.message };
        return { ok: false, refusal: "internal", detail: "the host failed to answer" };
      }
    },
  };
}
