import type { Decision } from "../contract/decision.ts";
import type { Header, Usage } from "../contract/execute.ts";
import type { GatewayErrorCode } from "../contract/gateway-errors.ts";
import type { Caller } from "../policy/index.ts";

/** One call, from a socket or from inside the workbench. */
export interface GatewayCall {
  /** Registry id, install id or extension name, decoded. */
  readonly extension: string;
  readonly method: string;
  /** Path and query below the extension, starting with a slash, undecoded. */
  readonly target: string;
  readonly headers?: readonly Header[] | undefined;
  readonly body?: Uint8Array | ReadableStream<Uint8Array> | undefined;
  /** Set only by code that has authenticated the caller itself; credentials in the headers are then ignored. */
  readonly caller?: Caller | undefined;
  /** Gives the call up. The answer is then a rejection with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** The caller has gone. What waits for a slot leaves the queue; what was dispatched finishes and is recorded. */
  readonly hangUp?: AbortSignal | undefined;
  /** Set only by the broker of host calls: how many executions wait for this one's answer. Default 0. */
  readonly depth?: number | undefined;
}

export interface GatewayResult {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: Uint8Array;
  readonly request_id: string;
  /** Id of the row in the execution log; absent when the caller's tenant never became known. */
  readonly execution_id?: string;
  readonly usage: Usage;
  readonly trace: readonly Decision[];
  /** Set when the gateway answered instead of the extension. */
  readonly error?: { readonly code: GatewayErrorCode; readonly message: string };
}
