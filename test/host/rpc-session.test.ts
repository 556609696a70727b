import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createRpcSession, type SessionSocket } from "../../core/host/rpc-session.ts";

/** A socket whose reader takes what waits when the test says so. */
function slowSocket() {
  const sent: (() => void)[] = [];
  const socket = {
    bufferedAmount: 0,
    terminated: 0,
    terminate() {
      socket.terminated += 1;
      for (const call of sent.splice(0)) call();
    },
    ping: (_data: undefined, _mask: undefined, call: () => void) => void sent.push(call),
    take() {
      socket.bufferedAmount = 0;
      for (const call of sent.splice(0)) call();
    },
    waiting: () => sent.length,
  } satisfies SessionSocket & Record<string, unknown>;
  const gone = new AbortController();
  return { socket, gone, session: createRpcSession(socket, gone.signal, () => {}) };
}

describe("a page's session", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("lets events go while there is room, and all of them wait for one drain when there is none", async () => {
    const { socket, session } = slowSocket();
    await session.room();
    socket.bufferedAmount = 2 ** 21;
    const waiting = Promise.all([session.room(), session.room(), session.room()]);
    expect(socket.waiting()).toBe(1);
    socket.take();
    await waiting;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(socket.terminated).toBe(0);
  });

  test("gives up a reader that takes nothing for half a minute", async () => {
    const { socket, session } = slowSocket();
    socket.bufferedAmount = 2 ** 21;
    const waiting = session.room();
    await vi.advanceTimersByTimeAsync(29_000);
    expect(socket.terminated).toBe(0);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(socket.terminated).toBe(1);
    await waiting;
  });

  test("gives up a reader for whom answers pile up", async () => {
    const { socket, session } = slowSocket();
    socket.bufferedAmount = 2 ** 28;
    await session.run(1, () => "answer");
    expect(socket.terminated).toBe(1);
  });

  test("refuses more calls at once than a page can mean, and a number that is taken", async () => {
    const { session, gone } = slowSocket();
    const running = Array.from({ length: 256 }, (_, index) =>
      session.run(index, (signal) => new Promise((_, reject) => signal.addEventListener("abort", reject))),
    );
    await expect(session.run(1, () => 1)).rejects.toMatchObject({ code: "malformed_request" });
    await expect(session.run(256, () => 1)).rejects.toMatchObject({ code: "too_many_calls" });
    gone.abort();
    const ended = await Promise.allSettled(running);
    expect(ended.every((each) => each.status === "rejected" && each.reason.code === "cancelled")).toBe(true);
    expect(await session.run(256, ({ aborted }) => aborted)).toBe(true);
  });
});
