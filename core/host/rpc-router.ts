import { initTRPC, type TRPCError, tracked } from "@trpc/server";
import { z } from "zod";
import { WorkbenchError } from "../contract/errors.ts";
import {
  RPC_PROCEDURES,
  RPC_SUBSCRIPTIONS,
  type RpcProcedure,
  type RpcSubscription,
} from "../contract/rpc.ts";
import {
  CANCEL_PATH,
  callEnvelopeSchema,
  cancelSchema,
  subscriptionEnvelopeSchema,
} from "../contract/rpc-socket.ts";
import type { Ids } from "../platform/ids.ts";
import type { Logger } from "../platform/logger.ts";
import { HostError, malformed } from "./errors.ts";
import { failureOf } from "./failure.ts";
import { accept } from "./input.ts";
import type { HostPorts } from "./ports.ts";
import type { RpcHandlers, RpcSources } from "./rpc.ts";
import { createRpcChanges } from "./rpc-changes.ts";
import type { RpcSession } from "./rpc-session.ts";

export interface RpcRouterOptions {
  readonly handlers: RpcHandlers;
  readonly sources: Omit<RpcSources, "host.changes">;
  readonly elsewhere: HostPorts["elsewhere"];
  /** Aborts when the host closes and ends every subscription. */
  readonly closing: AbortSignal;
  readonly ids: Ids;
  readonly logger: Logger;
}

export type RpcRouter = ReturnType<typeof createRpcRouter>;

/** The contract's maps as a tRPC router. Validates, delegates, serialises. */
export function createRpcRouter({ handlers, closing, ids, logger, ...options }: RpcRouterOptions) {
  const changes = createRpcChanges(options.elsewhere);
  const sources: RpcSources = { ...options.sources, "host.changes": changes.follow };
  const trpc = initTRPC.context<RpcSession>().create({
    isDev: false,
    // Called once for each failure that leaves the host: what is ours goes to the log under the id that is told.
    errorFormatter: ({ error, shape }) => {
      const requestId = ids.uuid();
      const { status, body, isOurs } = failureOf(causeOf(error), requestId);
      if (isOurs) logger.error({ request_id: requestId, err: error.cause }, "the host failed to answer");
      return { ...shape, message: body.error.message, data: { ...body, httpStatus: status } };
    },
  });

  const procedureOf = <Name extends RpcProcedure>(name: Name) =>
    trpc.procedure
      .input((value: unknown) => {
        const { call, input } = accept(callEnvelopeSchema, value, "The call");
        return { call, input: accept(RPC_PROCEDURES[name].input, input, "The input") };
      })
      .mutation(async ({ input: { call, input }, ctx }) => {
        const output = await ctx.run(call, (signal) =>
          // The map pairs each name with its own schema; TypeScript does not follow that through a generic index.
          handlers[name](input as Parameters<RpcHandlers[Name]>[0], { signal }),
        );
        changes.done(name);
        return RPC_PROCEDURES[name].output.parse(output);
      });

  const subscriptionOf = <Name extends RpcSubscription>(name: Name) => {
    const page = z.array(RPC_SUBSCRIPTIONS[name].event).readonly();
    return trpc.procedure
      .input((value: unknown) => {
        const { input, lastEventId } = accept(subscriptionEnvelopeSchema, value, "The subscription");
        return { input: accept(RPC_SUBSCRIPTIONS[name].input, input, "The input"), lastEventId };
      })
      .subscription(async function* ({ input: { input, lastEventId }, ctx, signal }) {
        const after = lastEventId === undefined ? undefined : Number(lastEventId);
        const gone = AbortSignal.any([closing, ...(signal ? [signal] : [])]);
        // The cast is the one of `procedureOf`.
        const events = sources[name](input as Parameters<RpcSources[Name]>[0], { after, signal: gone });
        for await (const items of events) {
          const checked = page.parse(items);
          const id = lastIdOf(checked);
          // Nothing more is asked of the source until the reader has room: a slow one costs a page, not a memory full.
          await ctx.room();
          yield id === undefined ? checked : tracked(String(id), checked);
        }
      });
  };

  return trpc.router({
    ...mapped(RPC_PROCEDURES, procedureOf),
    ...mapped(RPC_SUBSCRIPTIONS, subscriptionOf),
    [CANCEL_PATH]: trpc.procedure
      .input((value: unknown) => accept(cancelSchema, value, "The input"))
      .mutation(({ input, ctx }) => ctx.cancel(input.call)),
  });
}

function mapped<Names extends object, T>(
  names: Names,
  make: (name: keyof Names) => T,
): Record<keyof Names, T> {
  // `keys` answers strings where the map's own names are meant.
  const keys = Object.keys(names) as (keyof Names)[];
  // `fromEntries` forgets the names that it was given.
  return Object.fromEntries(keys.map((name) => [name, make(name)])) as Record<keyof Names, T>;
}

function lastIdOf(items: readonly unknown[]): number | undefined {
  const last = items.at(-1);
  if (typeof last !== "object" || last === null || !("id" in last)) return undefined;
  return typeof last.id === "number" ? last.id : undefined;
}

/** tRPC wraps what was thrown; its own refusals get the host's codes. */
function causeOf(error: TRPCError): unknown {
  if (error.cause instanceof WorkbenchError) return error.cause;
  switch (error.code) {
    case "UNAUTHORIZED":
      return new HostError({ code: "unauthenticated", message: "The token does not open this host." });
    case "NOT_FOUND":
    case "METHOD_NOT_SUPPORTED":
      return new HostError({ code: "not_found", message: "There is no such procedure." });
    case "PARSE_ERROR":
    case "BAD_REQUEST":
    case "UNPROCESSABLE_CONTENT":
      return malformed("The message is not one of the agreed form.");
    default:
      return error.cause ?? error;
  }
}
