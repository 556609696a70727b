import { setTimeout as pause } from "node:timers/promises";
import { EventSourceParserStream } from "eventsource-parser/stream";
import { type LiveGap, liveGapSchema, positionOf } from "../contract/live-stream.ts";
import { type LogItem, logItemSchema } from "../contract/log-query.ts";
import type { Serving } from "../wiring/serving.ts";

/** Between attempts: twice as long each time, up to this. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

export interface FollowQuery {
  readonly extension?: string | undefined;
  readonly tenant?: string | undefined;
  readonly request?: string | undefined;
  readonly level?: string | undefined;
  readonly text?: string | undefined;
}

export interface FollowHandlers {
  onLine(line: LogItem): void;
  /** Lines that were missed, to be told to the user. */
  onGap(gap: LiveGap): void;
  /** Once, when lines will be seen from now on. */
  onOpen(): void;
}

/** What the host answered instead of a stream. */
export class RefusedStream extends Error {
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, body: unknown) {
    super(`the host answered ${status}`);
    this.status = status;
    this.body = body;
  }
}

/**
 * Follows a running host's stream, across losses of the connection and restarts of the host, until the signal aborts or
 * no host serves the home any more.
 * @param find where the home's host is now
 * @returns id of the last line, after which its reader may go on elsewhere. @throws RefusedStream
 */
export async function followServing(
  find: () => Serving | undefined,
  query: FollowQuery,
  handlers: FollowHandlers,
  signal: AbortSignal,
): Promise<number | undefined> {
  let lastId: string | undefined;
  let wait = FIRST_PAUSE_MS;
  for (let serving = find(); serving !== undefined && !signal.aborted; serving = find()) {
    try {
      for await (const event of eventsOf(serving, query, lastId, signal, handlers.onOpen)) {
        wait = FIRST_PAUSE_MS;
        if (event.event === "gap") handlers.onGap(liveGapSchema.parse(JSON.parse(event.data)));
        else if (event.event === undefined) handlers.onLine(logItemSchema.parse(JSON.parse(event.data)));
        lastId = event.id ?? lastId;
      }
    } catch (error) {
      if (signal.aborted) break;
      if (error instanceof RefusedStream) throw error;
    }
    await pause(wait, undefined, { signal }).catch(() => {});
    wait = Math.min(wait * 2, LONGEST_PAUSE_MS);
  }
  return lastId === undefined ? undefined : positionOf(lastId)?.log;
}

async function* eventsOf(
  serving: Serving,
  query: FollowQuery,
  lastId: string | undefined,
  signal: AbortSignal,
  onOpen: () => void,
) {
  const { extension, tenant, request, level, text } = query;
  const params = new URLSearchParams({ types: "log" });
  for (const [name, value] of Object.entries({ extensionId: extension, request, level, text }))
    if (value !== undefined) params.set(name, value);
  if (tenant === undefined) params.set("tenants", "all");
  const response = await fetch(`${serving.url}/api/ext-debug/stream?${params}`, {
    headers: {
      authorization: `Bearer ${serving.token}`,
      ...(tenant === undefined ? {} : { "x-tenant-id": tenant }),
      ...(lastId === undefined ? {} : { "last-event-id": lastId }),
    },
    redirect: "error",
    signal,
  });
  if (!response.ok || response.body === null)
    throw new RefusedStream(response.status, await response.json().catch(() => undefined));
  onOpen();
  yield* response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
}
