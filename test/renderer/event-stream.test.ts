import { describe, expect, it, onTestFinished, vi } from "vitest";
import {
  FIRST_RETRY_MS,
  followEvents,
  LONGEST_RETRY_MS,
  type StreamState,
} from "../../renderer/event-stream.ts";
import type { ConnectionPhase, EventObserver } from "../../renderer/host-connection.ts";
import { createStore } from "../../renderer/state/store.ts";
import { createManualTimers } from "./timers.ts";

/** A connection whose subscriptions the test answers. */
function connectionOfTest() {
  const phase = createStore<ConnectionPhase>("connected");
  const opened: { input: unknown; observer: EventObserver; isClosed: boolean }[] = [];
  return {
    phase,
    opened,
    latest: () => opened.at(-1)?.observer,
    subscribe(_path: string, input: unknown, observer: EventObserver) {
      const entry = { input, observer, isClosed: false };
      opened.push(entry);
      return () => {
        entry.isClosed = true;
      };
    },
  };
}

function follow(prepare?: (signal: AbortSignal) => Promise<string>) {
  const connection = connectionOfTest();
  const timers = createManualTimers();
  const states: StreamState[] = [];
  const events: unknown[] = [];
  const stop = followEvents({
    connection,
    timers,
    path: "logs.tail",
    input: {},
    prepare,
    onEvents: (page) => events.push(...page),
    onState: (state) => states.push(state),
  });
  onTestFinished(stop);
  return { connection, timers, states, events, stop };
}

describe("following a subscription", () => {
  it("begins again after its end, from the last event that arrived", () => {
    const { connection, timers, states, events } = follow();
    connection.latest()?.onStarted();
    connection.latest()?.onData({ id: "41", data: ["a", "b"] });
    connection.latest()?.onData(["c"]);
    connection.latest()?.onEnd();
    timers.elapse();
    connection.latest()?.onStarted();
    connection.latest()?.onData({ id: "42", data: ["d"] });
    expect(connection.opened.map(({ input }) => input)).toEqual([
      { input: {} },
      { input: {}, lastEventId: "41" },
    ]);
    expect(events).toEqual(["a", "b", "c", "d"]);
    expect(states).toEqual(["connecting", "open", "lost", "open"]);
  });

  it.each([7, "text", { data: [] }, { id: 7, data: [] }, { id: "1", data: "a" }])("leaves %j out", (page) => {
    const { connection, events, states } = follow();
    connection.latest()?.onStarted();
    connection.latest()?.onData(page);
    connection.latest()?.onData(["a"]);
    expect([events, states]).toEqual([["a"], ["connecting", "open"]]);
  });

  it("waits longer after each failure, but never longer than its limit", () => {
    const { connection, timers } = follow();
    const waited: number[] = [];
    for (let attempt = 0; attempt < 8; attempt += 1) {
      connection.latest()?.onEnd();
      waited.push(...timers.waiting);
      timers.elapse();
    }
    expect(waited).toHaveLength(8);
    expect([waited[0], waited[1], waited.at(-1)]).toEqual([
      FIRST_RETRY_MS,
      FIRST_RETRY_MS * 2,
      LONGEST_RETRY_MS,
    ]);
  });

  it("says when the connection is lost and when it has resumed, and opens nothing twice", () => {
    const { connection, timers, states } = follow();
    connection.latest()?.onStarted();
    connection.phase.set("lost");
    connection.phase.set("connected");
    connection.latest()?.onStarted();
    expect(states).toEqual(["connecting", "open", "lost", "open"]);
    expect([connection.opened.length, timers.waiting]).toEqual([1, []]);
  });

  it("does not ask a host again that refused the token, until there is another", () => {
    const { connection, timers, states } = follow();
    connection.latest()?.onStarted();
    connection.latest()?.onData({ id: "5", data: ["a"] });
    connection.phase.set("refused");
    connection.latest()?.onEnd();
    expect([states.at(-1), timers.waiting]).toEqual(["refused", []]);
    connection.phase.set("connecting");
    connection.latest()?.onStarted();
    expect(states).toEqual(["connecting", "open", "refused", "connecting", "open"]);
    expect(connection.opened.at(-1)?.input).toEqual({ input: {}, lastEventId: "5" });
  });

  it("prepares once, and tries again when it could not", async () => {
    const answers = [Promise.reject(new Error("not now")), Promise.resolve("9")];
    const { connection, timers, states } = follow(() => answers.shift() ?? Promise.resolve("never"));
    await vi.waitFor(() => expect(states).toEqual(["connecting", "lost"]));
    timers.elapse();
    await vi.waitFor(() => expect(connection.opened).toHaveLength(1));
    connection.latest()?.onEnd();
    timers.elapse();
    expect(connection.opened.map(({ input }) => input)).toEqual(
      Array.from({ length: 2 }, () => ({ input: {}, lastEventId: "9" })),
    );
  });

  it("closes its subscription and stays silent once stopped", () => {
    const { connection, timers, states, stop } = follow();
    connection.latest()?.onStarted();
    stop();
    connection.latest()?.onEnd();
    connection.phase.set("lost");
    expect([connection.opened[0]?.isClosed, states, timers.waiting]).toEqual([
      true,
      ["connecting", "open"],
      [],
    ]);
  });
});
