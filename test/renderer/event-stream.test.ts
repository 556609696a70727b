import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import {
  FIRST_RETRY_MS,
  followEventStream,
  LONGEST_RETRY_MS,
  type StreamState,
} from "../../renderer/event-stream.ts";
import { unauthorised, unreachable } from "../../renderer/state/failure.ts";
import { createManualTimers } from "./timers.ts";

/** A real server of one event stream that the test speaks through. */
async function streamServer() {
  const open: ServerResponse[] = [];
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.flushHeaders();
    open.push(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo; // a TCP server's address is never a pipe's name
  return { open, url: `http://127.0.0.1:${port}/` };
}

function follow(open: (signal: AbortSignal, lastEventId: string | undefined) => Promise<Response>) {
  const timers = createManualTimers();
  const states: StreamState[] = [];
  const data: string[] = [];
  const stop = followEventStream({
    open,
    timers,
    onData: (text) => data.push(text),
    onState: (state) => states.push(state),
  });
  onTestFinished(stop);
  return { timers, states, data, stop };
}

describe("following an event stream", () => {
  it("receives events whatever the chunks they come in", async () => {
    const server = await streamServer();
    const stream = follow((signal) => fetch(server.url, { signal }));
    await vi.waitFor(() => expect(server.open).toHaveLength(1));
    for (const byte of Buffer.from(": ping\n\ndata: é1\n\nid: 7\ndata: a\ndata: b\n\n")) {
      server.open[0]?.write(Uint8Array.of(byte));
    }
    await vi.waitFor(() => expect(stream.data).toEqual(["é1", "a\nb"]));
    expect(stream.states).toEqual(["connecting", "open"]);
  });

  it("opens again after a loss, from the last event it received", async () => {
    const server = await streamServer();
    const asked: (string | undefined)[] = [];
    const stream = follow((signal, lastEventId) => {
      asked.push(lastEventId);
      return fetch(server.url, { signal });
    });
    await vi.waitFor(() => expect(server.open).toHaveLength(1));
    server.open[0]?.end("id: 41\ndata: before\n\n");
    await vi.waitFor(() => expect(stream.states.at(-1)).toBe("lost"));
    stream.timers.elapse();
    await vi.waitFor(() => expect(server.open).toHaveLength(2));
    server.open[1]?.write("data: after\n\n");
    await vi.waitFor(() => expect(stream.data).toEqual(["before", "after"]));
    expect(asked).toEqual([undefined, "41"]);
    expect(stream.states).toEqual(["connecting", "open", "lost", "open"]);
  });

  it("waits longer after each failure, but never longer than its limit", async () => {
    const stream = follow(() => Promise.reject(unreachable()));
    const waited: number[] = [];
    for (let attempt = 0; attempt < 8; attempt += 1) {
      await vi.waitFor(() => expect(stream.timers.waiting).toHaveLength(1));
      waited.push(...stream.timers.waiting);
      stream.timers.elapse();
    }
    expect(waited[0]).toBe(FIRST_RETRY_MS);
    expect(waited[1]).toBe(FIRST_RETRY_MS * 2);
    expect(waited.at(-1)).toBe(LONGEST_RETRY_MS);
  });

  it("does not ask a host again that refused the token", async () => {
    const stream = follow(() => Promise.reject(unauthorised()));
    await vi.waitFor(() => expect(stream.states).toEqual(["connecting", "refused"]));
    expect(stream.timers.waiting).toEqual([]);
  });

  it("closes the connection and stays silent once stopped", async () => {
    const server = await streamServer();
    const stream = follow((signal) => fetch(server.url, { signal }));
    await vi.waitFor(() => expect(stream.states.at(-1)).toBe("open"));
    const closed = new Promise((resolve) => server.open[0]?.once("close", resolve));
    stream.stop();
    await closed;
    expect(stream.states).toEqual(["connecting", "open"]);
    expect(stream.timers.waiting).toEqual([]);
  });
});
