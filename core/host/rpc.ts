import type { z } from "zod";
import type {
  RPC_SUBSCRIPTIONS,
  RpcArguments,
  RpcEvent,
  RpcOutput,
  RpcProcedure,
  RpcSubscription,
} from "../contract/rpc.ts";

interface RpcContext {
  /** Aborts when the client gives the call up or goes. */
  readonly signal: AbortSignal;
}

/** One function a procedure; input comes validated, output is checked before it leaves. */
export type RpcHandlers = {
  readonly [Name in RpcProcedure]: (
    input: RpcArguments<Name>,
    context: RpcContext,
  ) => RpcOutput<Name> | Promise<RpcOutput<Name>>;
};

/**
 * One source a subscription: pages of events until the signal aborts. The next page is asked for when the reader has
 * room for it, so a source keeps what waits within bounds.
 */
export type RpcSources = {
  readonly [Name in RpcSubscription]: (
    input: z.output<(typeof RPC_SUBSCRIPTIONS)[Name]["input"]>,
    options: { readonly after: number | undefined; readonly signal: AbortSignal },
  ) => AsyncIterable<readonly RpcEvent<Name>[]>;
};
