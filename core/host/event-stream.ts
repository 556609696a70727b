import type { Context } from "hono";
import { malformed } from "./errors.ts";

/** A quiet stream says this often that it lives, so that both ends notice a dead connection. */
const KEEP_ALIVE_MS = 15_000;
const HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-store",
  "x-accel-buffering": "no",
  connection: "close",
};

/** The id after which a reader resumes. @throws HostError `malformed_request` */
export function lastEventId(context: Context): number | undefined {
  const given = context.req.header("last-event-id");
  if (given === undefined) return undefined;
  if (!/^\d{1,15}$/.test(given)) throw malformed("last-event-id is not an id that this stream gave.");
  return Number(given);
}

/**
 * Pages of items as server-sent events. Pulled by the reader: the next page is asked for when the connection has taken
 * the one before, so a slow reader costs one page of memory.
 * @param open follows until its signal aborts, which is when the reader goes or the host closes
 */
export function eventStream<Item extends object>(
  context: Context,
  closing: AbortSignal,
  open: (signal: AbortSignal) => AsyncIterable<readonly Item[]>,
): Response {
  const gone = new AbortController();
  const signal = AbortSignal.any([gone.signal, closing, context.req.raw.signal]);
  const pages = open(signal)[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  let keepAlive: NodeJS.Timeout | undefined;

  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      // At once, so that the reader knows that the stream is open before the first line comes.
      controller.enqueue(encoder.encode(": open\n\n"));
      keepAlive = setInterval(() => {
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(": alive\n\n"));
      }, KEEP_ALIVE_MS);
      keepAlive.unref();
    },
    pull: async (controller) => {
      try {
        const page = await pages.next();
        if (page.done !== true) {
          controller.enqueue(encoder.encode(page.value.map(toEvent).join("")));
          return;
        }
        controller.close();
      } catch (error) {
        controller.error(error);
      }
      clearInterval(keepAlive);
    },
    cancel: () => {
      clearInterval(keepAlive);
      gone.abort();
    },
  });
  return new Response(stream, { headers: HEADERS });
}

/** JSON holds no line breaks, so one `data` line always suffices. */
function toEvent(item: object): string {
  const id = "id" in item && typeof item.id === "number" ? `id: ${item.id}\n` : "";
  return `${id}data: ${JSON.stringify(item)}\n\n`;
}
