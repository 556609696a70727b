import {
  RPC_PROCEDURES,
  RPC_SUBSCRIPTIONS,
  type RpcEvent,
  type RpcInput,
  type RpcOutput,
  type RpcProcedure,
  type RpcSubscription,
  type RpcSubscriptionInput,
} from "../core/contract/rpc.ts";
import { followEvents, type StreamState } from "./event-stream.ts";
import type { HostConnection } from "./host-connection.ts";
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

export function createRpcClient(connection: HostConnection, timers: Timers): RpcClient {
  return {
    async call(name, input, signal) {
      const schemas = RPC_PROCEDURES[name];
      const question = schemas.input.safeParse(input);
      if (!question.success) throw brokenContract(`The question "${name}"`, question.error);
      const answer = schemas.output.safeParse(await connection.call(name, question.data, signal));
      if (!answer.success) throw brokenContract(`The answer to "${name}"`, answer.error);
      // The schema was picked by the name, so its output is the name's; the compiler does not follow the index.
      return answer.data as RpcOutput<typeof name>;
    },

    subscribe(name, input, { onEvent, onState, prepare }) {
      const schemas = RPC_SUBSCRIPTIONS[name];
      const question = schemas.input.safeParse(input);
      if (!question.success) throw brokenContract(`The question "${name}"`, question.error);
      return followEvents({
        connection,
        timers,
        path: name,
        input: question.data,
        prepare,
        onState,
        onEvents(events) {
          for (const given of events) {
            const event = schemas.event.safeParse(given);
            // What is not of the agreed shape is left out: the stream goes on for those that are.
            // The cast is the one of `call`: the schema was picked by the name.
            if (event.success) onEvent(event.data as RpcEvent<typeof name>);
          }
        },
      });
    },
  };
}
