import { type Context, Hono } from "hono";
import type { z } from "zod";
import { MIB } from "../contract/limits.ts";
import {
  RPC_PROCEDURES,
  RPC_SUBSCRIPTIONS,
  type RpcArguments,
  type RpcEvent,
  type RpcOutput,
  type RpcProcedure,
  type RpcSubscription,
  rpcPath,
} from "../contract/rpc.ts";
import { malformed } from "./errors.ts";
import { eventStream, lastEventId } from "./event-stream.ts";
import { accept, jsonBody } from "./input.ts";

/** Room for the largest default request body of an extension as base64. */
const MAX_RPC_BODY_BYTES = 16 * MIB;

interface RpcContext {
  /** Aborts when the client goes. */
  readonly signal: AbortSignal;
}

/** One function a procedure; input comes validated, output is checked before it leaves. */
export type RpcHandlers = {
  readonly [Name in RpcProcedure]: (
    input: RpcArguments<Name>,
    context: RpcContext,
  ) => RpcOutput<Name> | Promise<RpcOutput<Name>>;
};

export type RpcSources = {
  readonly [Name in RpcSubscription]: (
    input: z.output<(typeof RPC_SUBSCRIPTIONS)[Name]["input"]>,
    options: { readonly after: number | undefined; readonly signal: AbortSignal },
  ) => AsyncIterable<readonly RpcEvent<Name>[]>;
};

/** Validates, delegates, serialises. @param closing aborts when the host closes and ends every subscription */
export function createRpcApp(handlers: RpcHandlers, sources: RpcSources, closing: AbortSignal): Hono {
  const app = new Hono();
  const names = Object.keys(RPC_PROCEDURES);
  for (const name of names) {
    if (!isProcedure(name)) continue;
    app.post(rpcPath(name), (context) => answer(name, handlers, context));
  }
  for (const name of Object.keys(RPC_SUBSCRIPTIONS)) {
    if (!isSubscription(name)) continue;
    app.get(rpcPath(name), (context) => follow(name, sources, context, closing));
  }
  return app;
}

function follow<Name extends RpcSubscription>(
  name: Name,
  sources: RpcSources,
  context: Context,
  closing: AbortSignal,
): Response {
  // The map pairs each name with its own schema; TypeScript does not follow that through a generic index.
  const input = accept(RPC_SUBSCRIPTIONS[name].input, queryInput(context), "The input") as Parameters<
    RpcSources[Name]
  >[0];
  const after = lastEventId(context);
  return eventStream(context, closing, (signal) => sources[name](input, { after, signal }));
}

async function answer<Name extends RpcProcedure>(
  name: Name,
  handlers: RpcHandlers,
  context: Context,
): Promise<Response> {
  const input = await jsonBody(context, RPC_PROCEDURES[name].input, MAX_RPC_BODY_BYTES);
  // The map pairs each name with its own schema; TypeScript does not follow that through a generic index.
  const output = await handlers[name](input as RpcArguments<Name>, { signal: context.req.raw.signal });
  return context.json(RPC_PROCEDURES[name].output.parse(output), 200, { "cache-control": "no-store" });
}

function queryInput(context: Context): unknown {
  const input = context.req.query("input");
  if (input === undefined) return {};
  try {
    return JSON.parse(input);
  } catch {
    throw malformed("The input is not JSON.");
  }
}

function isSubscription(name: string): name is RpcSubscription {
  return Object.hasOwn(RPC_SUBSCRIPTIONS, name);
}

function isProcedure(name: string): name is RpcProcedure {
  return Object.hasOwn(RPC_PROCEDURES, name);
}
