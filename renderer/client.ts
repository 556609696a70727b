import {
  RPC_PROCEDURES,
  RPC_SUBSCRIPTIONS,
  type RpcEvent,
  type RpcInput,
  type RpcOutput,
  type RpcProcedure,
  type RpcSubscription,
  type RpcSubscriptionInput,
  rpcPath,
  rpcSubscriptionPath,
} from "../core/contract/rpc.ts";
import { followEventStream, type StreamState } from "./event-stream.ts";
import type { HostFetch } from "./rpc-transport.ts";
import { brokenContract } from "./state/failure.ts";
import type { Timers } from "./state/timers.ts";

export interface Subscription<Name extends RpcSubscription> {
  onEvent(event: RpcEvent<Name>): void;
  onState(state: StreamState): void;
  /** Called before the stream is first opened; answers the id of the event after which it is to begin. */
  prepare?(signal: AbortSignal): Promise<string>;
}

/** The host's procedures as functions, derived from the contract: both directions pass its schemas. */
export interface RpcClient {
  call<Name extends RpcProcedure>(
    name: Name,
    input: RpcInput<Name>,
    signal?: AbortSignal,
  ): Promise<RpcOutput<Name>>;
  /** Follows a subscription through every loss of the connection until the answer is called. */
  subscribe<Name extends RpcSubscription>(
    name: Name,
    input: RpcSubscriptionInput<Name>,
    subscription: Subscription<Name>,
  ): () => void;
}

export function createRpcClient(hostFetch: HostFetch, timers: Timers): RpcClient {
  return {
    async call(name, input, signal) {
      const schemas = RPC_PROCEDURES[name];
      const question = schemas.input.safeParse(input);
      if (!question.success) throw brokenContract(`The question "${name}"`, question.error);
      const response = await hostFetch({
        path: rpcPath(name),
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(question.data),
        signal,
      });
      const answer = schemas.output.safeParse(await jsonOf(response, signal));
      if (!answer.success) throw brokenContract(`The answer to "${name}"`, answer.error);
      // The schema was picked by the name, so its output is the name's; the compiler does not follow the index.
      return answer.data as RpcOutput<typeof name>;
    },

    subscribe(name, input, { onEvent, onState, prepare }) {
      const schema = RPC_SUBSCRIPTIONS[name].event;
      let isPrepared = prepare === undefined;
      let beginAfter: string | undefined;
      return followEventStream({
        timers,
        onState,
        async open(signal, lastEventId) {
          if (!isPrepared) {
            beginAfter = await prepare?.(signal);
            isPrepared = true;
          }
          const after = lastEventId ?? beginAfter;
          return hostFetch({
            path: rpcSubscriptionPath(name, input),
            method: "GET",
            headers: after === undefined ? {} : { "last-event-id": after },
            signal,
          });
        },
        onData(text) {
          const event = schema.safeParse(parseJson(text));
          // A line that is not of the agreed shape is left out: the stream goes on for those that are.
          // The cast is the one of `call`: the schema was picked by the name.
          if (event.success) onEvent(event.data as RpcEvent<typeof name>);
        },
      });
    },
  };
}

async function jsonOf(response: Response, signal: AbortSignal | undefined): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
