import { z } from "zod";
import { MIB } from "./limits.ts";

/*
 * How the procedures and subscriptions of rpc.ts travel: tRPC over one WebSocket a page. The token is in the first
 * message (tRPC's connection parameters), never in the address, which logs and histories keep.
 */

/** Path of the socket below the host's origin. */
export const RPC_SOCKET_PATH = "/rpc";

/** Room for the largest default request body of an extension as base64. */
export const MAX_CALL_BYTES = 16 * MIB;
/** One message carries every call that a page makes in one turn of its event loop. Beyond: the socket is closed, 1009. */
export const MAX_MESSAGE_BYTES = 4 * MAX_CALL_BYTES;

/** The close code that says that the token does not open this host (RFC 6455 leaves 4000-4999 to applications). */
export const CLOSE_UNAUTHENTICATED = 4401;

export const connectionParamsSchema = z.object({ token: z.string().max(1_024) });

/** A call carries a number of its page, by which it can be cancelled: tRPC itself does not cancel over a socket. */
export const callEnvelopeSchema = z.strictObject({ call: z.int().nonnegative(), input: z.unknown() });

/** Path of the procedure that cancels a running call of the same socket. */
export const CANCEL_PATH = "rpc.cancel";
export const cancelSchema = z.strictObject({ call: z.int().nonnegative() });

/** A subscription carries the id of the last event that the reader has, if it has one. */
export const subscriptionEnvelopeSchema = z.strictObject({
  input: z.unknown(),
  lastEventId: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
});

const events = z.array(z.unknown()).readonly();

/** Events travel in pages; the id of a page is that of its last event, where its events have numeric ids. */
export const eventPageSchema = z.union([
  z.strictObject({ id: z.string(), data: events }).transform(({ id, data }) => ({ id, events: data })),
  events.transform((data) => ({ id: undefined, events: data })),
]);
