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

/** One for all: a default reason is made anew, with a stack, for each call. */
const OVER = new Error("the execution is over");

export function createHostBroker({ answers, ui }: HostBrokerOptions): HostBroker {
  const registrations = new Map<string, Registration>();

  function dispatch(call: unknown): unknown {
    const parsed = hostCallSchema.safeParse(call);
    if (!parsed.success) throw new HostCallError("internal", "the call is malformed");
    const { data } = parsed;
    if (data.method === "ui.resolve")
      return ui.tenantsWith(data.params.extension_id, data.params.content_hash);
    const registration = registrations.get(data.execution_id);
    if (registration === undefined)
      throw new HostCallError("internal", "the execution is not known to the host");
    return ask(data.method, registration.scope, data.params);
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
        return { ok: true, value: await dispatch(call) };
      } catch (error) {
        if (error instanceof HostCallError) return { ok: false, refusal: error.code, detail: error.message };
        return { ok: false, refusal: "internal", detail: "the host failed to answer" };
      }
    },
  };
}
