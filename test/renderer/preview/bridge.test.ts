import { describe, expect, test } from "vitest";
import { bridgeStep } from "../../../renderer/state/preview/bridge.ts";
import {
  type BridgeEffect,
  type BridgeEvent,
  type BridgeState,
  closedBridge,
  FLOOD_LIMIT,
  KEPT_LINES,
  MAX_CALL_BODY_CHARACTERS,
  MAX_PENDING_CALLS,
  MESSAGE_BURST,
  MESSAGES_PER_SECOND,
} from "../../../renderer/state/preview/bridge-state.ts";

const FACTS = {
  session: { token: "token-of-the-session", expires_at: "2026-03-01T13:00:00.000Z" },
  tokens: { "--alga-bg": "#fff" },
  locale: "en-GB",
  hook: "appMenu",
};

/** A bridge that is fed one event after the other, a tenth of a second apart. */
function createRun(expectedOrigin = "null") {
  let state: BridgeState = closedBridge();
  let at = Date.UTC(2026, 2, 1, 12);
  const effects: BridgeEffect[] = [];
  const feed = (event: BridgeEvent): readonly BridgeEffect[] => {
    const step = bridgeStep(state, event);
    state = step.state;
    effects.push(...step.effects);
    return step.effects;
  };
  const later = (ms = 100): number => {
    at += ms;
    return at;
  };
  feed({ kind: "opened", at, expectedOrigin, facts: FACTS });
  effects.length = 0;
  return {
    effects,
    feed,
    later,
    get state() {
      return state;
    },
    get last() {
      return state.entries.at(-1);
    },
    hear: (data: unknown, from: { isFrame?: boolean; origin?: string; at?: number } = {}) =>
      feed({
        kind: "message",
        at: from.at ?? later(),
        isFrame: from.isFrame ?? true,
        origin: from.origin ?? expectedOrigin,
        data,
      }),
  };
}

const message = (type: string, payload: unknown = {}, request_id?: string) => ({
  alga: true,
  version: "1",
  type,
  payload,
  ...(request_id === undefined ? {} : { request_id }),
});

describe("the preview bridge", () => {
  test("answers ready with a bootstrap, and shows it without the token", () => {
    const run = createRun();
    run.feed({ kind: "loaded", at: run.later() });
    const [effect] = run.hear(message("ready"));
    expect(effect).toMatchObject({
      kind: "post",
      message: {
        alga: true,
        version: "1",
        type: "bootstrap",
        payload: { session: FACTS.session, theme_tokens: FACTS.tokens, navigation: { path: "/" } },
      },
    });
    expect(run.state.phase).toBe("ready");
    expect(JSON.stringify(run.state.entries)).not.toContain("token-of-the-session");
  });

  test.each([
    ["a frame in the frame", { isFrame: false }, "wrong_source"],
    ["another origin", { origin: "http://evil.example" }, "wrong_origin"],
  ] as const)("refuses a message of %s before it looks at it", (_, from, code) => {
    const run = createRun();
    expect(run.hear(message("ready"), from)).toEqual([]);
    expect(run.last).toMatchObject({ verdict: "refused", code });
    expect(run.state.phase).toBe("loading");
  });

  test("expects a frame with its own origin under that origin", () => {
    const run = createRun("http://abc.localhost:4040");
    run.hear(message("ready"), { origin: "null" });
    expect(run.last).toMatchObject({ code: "wrong_origin" });
    run.hear(message("ready"));
    expect(run.state.phase).toBe("ready");
  });

  test.each([
    [undefined, "bad_envelope"],
    ["ready", "bad_envelope"],
    [[], "bad_envelope"],
    [{ ...message("ready"), alga: 1 }, "bad_envelope"],
    [{ ...message("ready"), version: "2" }, "bad_envelope"],
    [message("ready", {}, "x".repeat(200)), "bad_envelope"],
    [message("bootstrap"), "unknown_type"],
    [message("resize"), "bad_payload"],
    [message("resize", { height: Number.NaN }), "bad_payload"],
    [message("navigate", { path: "https://evil.example" }), "bad_payload"],
    [message("navigate", { path: "//evil.example" }), "bad_payload"],
    [message("navigate", { path: "/a/../b" }), "bad_payload"],
  ])("refuses %j as %s and does nothing", (data, code) => {
    const run = createRun();
    expect(run.hear(data)).toEqual([]);
    expect(run.last).toMatchObject({ verdict: "refused", code });
    expect(run.state.counts.refused).toBe(1);
  });

  test("survives data without an end", () => {
    const run = createRun();
    const knot: { knot?: unknown } = {};
    knot.knot = knot;
    run.hear(message("resize", knot));
    expect(run.last).toMatchObject({ code: "bad_payload", text: "(not JSON)" });
  });

  test.each([
    [-5, 100],
    [99.6, 100],
    [640.4, 640],
    [1e9, 4_000],
  ])("clamps the height %d to %d", (height, expected) => {
    const run = createRun();
    run.hear(message("resize", { height }));
    expect(run.state.height).toBe(expected);
  });

  test("keeps the path that the extension navigated to over a reload", () => {
    const run = createRun();
    run.hear(message("navigate", { path: "/notes/7?tab=open" }));
    run.feed({ kind: "opened", at: run.later(), expectedOrigin: "null", facts: FACTS });
    const [effect] = run.hear(message("ready"));
    expect(effect).toMatchObject({ message: { payload: { navigation: { path: "/notes/7?tab=open" } } } });
  });

  describe("a call of the frame", () => {
    const ready = () => {
      const run = createRun();
      run.hear(message("ready"));
      run.effects.length = 0;
      return run;
    };

    test("is sent as a POST unless it says otherwise, and answered under its own id", () => {
      const run = ready();
      const [call] = run.hear(message("apiproxy", { route: "/items", body: "e30=" }, "q1"));
      expect(call).toMatchObject({ kind: "call", method: "POST", route: "/items", bodyB64: "e30=" });
      if (call?.kind !== "call") throw new Error("the effect was just checked");
      const [answer] = run.feed({
        kind: "answered",
        at: run.later(),
        key: call.key,
        answer: { ok: true, status: 201, bodyB64: "b2s=", durationMs: 3, executionId: "e1" },
      });
      expect(answer).toMatchObject({
        message: { type: "apiproxy_response", request_id: "q1", payload: { body: "b2s=" } },
      });
      expect(run.state.calls).toMatchObject([
        { phase: "answered", status: 201, executionId: "e1", bytes: 2 },
      ]);
    });

    test("that the gateway refuses is answered with the code", () => {
      const run = ready();
      const [call] = run.hear(message("apiproxy", { route: "/items", method: "GET" }, "q1"));
      if (call?.kind !== "call") throw new Error("a call was expected");
      const error = { code: "forbidden", message: "The role may not write." };
      const [answer] = run.feed({
        kind: "answered",
        at: run.later(),
        key: call.key,
        answer: { ok: true, status: 403, bodyB64: "", durationMs: 1, error },
      });
      expect(answer).toMatchObject({ message: { payload: { error: "forbidden: The role may not write." } } });
    });

    test.each([
      [{ route: "/items", method: "GET", body: "e30=" }, "bad_payload"],
      [{ route: "items" }, "bad_payload"],
      [{ route: "/../rpc/state" }, "bad_payload"],
      [{ route: "/%2e%2E/rpc" }, "bad_payload"],
      [{ route: "/items", method: "TRACE" }, "bad_payload"],
      [{ route: "/items", body: "not base64!" }, "bad_payload"],
      [{ route: "/items", body: "A".repeat(MAX_CALL_BODY_CHARACTERS + 1) }, "body_too_large"],
    ])("that cannot be made is answered with the reason (%#)", (payload, code) => {
      const run = ready();
      const [answer] = run.hear(message("apiproxy", payload, "q1"));
      expect(answer).toMatchObject({ kind: "post", message: { request_id: "q1" } });
      expect(JSON.stringify(answer)).toContain(code);
      expect(run.state.calls).toEqual([]);
    });

    test("without an id is refused: nobody could be answered", () => {
      const run = ready();
      expect(run.hear(message("apiproxy", { route: "/items" }))).toEqual([]);
      expect(run.last).toMatchObject({ code: "bad_payload" });
    });

    test("over the number that may be under way is refused", () => {
      const run = ready();
      for (let i = 0; i < MAX_PENDING_CALLS; i += 1) {
        run.hear(message("apiproxy", { route: "/items" }, `q${i}`));
      }
      const [answer] = run.hear(message("apiproxy", { route: "/items" }, "one-more"));
      expect(JSON.stringify(answer)).toContain("too_many_calls");
    });

    test("of a page that has gone is not answered to the next one", () => {
      const run = ready();
      const [call] = run.hear(message("apiproxy", { route: "/items" }, "q1"));
      if (call?.kind !== "call") throw new Error("a call was expected");
      const reopened = run.feed({ kind: "opened", at: run.later(), expectedOrigin: "null", facts: FACTS });
      expect(reopened).toEqual([{ kind: "abandon" }]);
      const answer = { ok: true, status: 200, bodyB64: "", durationMs: 1 } as const;
      expect(run.feed({ kind: "answered", at: run.later(), key: call.key, answer })).toEqual([]);
      expect(run.state.calls).toMatchObject([{ phase: "failed", error: { code: "frame_reloaded" } }]);
    });
  });

  describe("a frame that misbehaves", () => {
    test("is heard at the rate that it may have, and no faster", () => {
      const run = createRun();
      const at = run.later();
      for (let i = 0; i < MESSAGE_BURST + 10; i += 1) run.hear(message("resize", { height: 300 }), { at });
      expect(run.state.counts).toMatchObject({ refused: 10, dropped: 10 });
      expect(run.last).toMatchObject({ code: "rate_limited" });
      run.hear(message("resize", { height: 500 }), { at: at + 1_000 / MESSAGES_PER_SECOND + 1 });
      expect(run.state.height).toBe(500);
    });

    test("is taken away when it floods, without a list of the flood", () => {
      const run = createRun();
      const at = run.later();
      for (let i = 0; i < MESSAGE_BURST + FLOOD_LIMIT; i += 1)
        run.hear(message("resize", { height: 300 }), { at });
      expect(run.state).toMatchObject({ phase: "suspended", suspension: { code: "message_flood" } });
      expect(run.effects.slice(-2)).toEqual([{ kind: "abandon" }, { kind: "unload" }]);
      expect(run.state.entries.length).toBeLessThan(MESSAGE_BURST + 10);
    });

    test("is taken away when it loads another page, and heard again once it is opened again", () => {
      const run = createRun();
      run.feed({ kind: "loaded", at: run.later() });
      run.hear(message("ready"));
      run.feed({ kind: "loaded", at: run.later() });
      expect(run.state.suspension).toMatchObject({ code: "navigated_away" });
      expect(run.hear(message("ready"))).toEqual([]);
      expect(run.last).toMatchObject({ code: "frame_suspended" });
      run.feed({ kind: "opened", at: run.later(), expectedOrigin: "null", facts: FACTS });
      run.hear(message("ready"));
      expect(run.state.phase).toBe("ready");
    });

    test("is taken away when the window's policy stopped it from leaving", () => {
      const run = createRun();
      run.feed({ kind: "blocked", at: run.later(), address: "http://example.com/" });
      expect(run.state.suspension?.message).toContain("http://example.com/");
      expect(run.effects).toContainEqual({ kind: "unload" });
    });

    test("that never says ready is named", () => {
      const run = createRun();
      run.feed({ kind: "loaded", at: run.later() });
      run.feed({ kind: "waited", at: run.later() });
      expect(run.state.phase).toBe("silent");
      run.hear(message("ready"));
      expect(run.state.phase).toBe("ready");
      run.feed({ kind: "waited", at: run.later() });
      expect(run.state.phase).toBe("ready");
    });
  });

  test("tells a ready frame of another theme in both ways that the SDK listens for", () => {
    const run = createRun();
    run.hear(message("ready"));
    const facts = { ...FACTS, tokens: { "--alga-bg": "#000" } };
    const effects = run.feed({ kind: "retold", at: run.later(), facts, isThemeNew: true });
    expect(effects).toMatchObject([
      { message: { type: "theme", payload: { "--alga-bg": "#000" } } },
      { message: { type: "bootstrap", payload: { theme_tokens: { "--alga-bg": "#000" } } } },
    ]);
  });
});

describe("the page's console", () => {
  const line = (text: string, level = "log") => ({ level, text });

  test("is listed apart, and is no message of the extension's own", () => {
    const run = createRun();
    const before = run.state;
    run.hear(message("console", { lines: [line("hello"), line("failed", "error")], dropped: 3 }));
    expect(run.state.console.map(({ level, text }) => [level, text])).toEqual([
      ["log", "hello"],
      ["error", "failed"],
      ["warn", "3 more lines at once: not shown."],
    ]);
    expect([run.state.entries, run.state.counts]).toEqual([before.entries, before.counts]);
    expect(new Set(run.state.console.map(({ key }) => key)).size).toBe(3);
  });

  test("is the frame's word: what is malformed is refused, what is too much is dropped, a new load begins anew", () => {
    const run = createRun();
    run.hear(message("console", { lines: [{ level: "fatal", text: "x" }], dropped: 0 }));
    expect(run.last).toMatchObject({ verdict: "refused", code: "bad_payload", type: "console" });
    for (let bunch = 0; bunch < 8; bunch += 1) {
      run.hear(
        message("console", { lines: Array.from({ length: 100 }, () => line(`${bunch}`)), dropped: 0 }),
      );
    }
    expect(run.state.console).toHaveLength(KEPT_LINES);
    expect(run.state.console.at(-1)?.text).toBe("7");
    const at = run.later();
    for (let more = 0; more < MESSAGE_BURST + 1; more += 1) {
      run.hear(message("console", { lines: [], dropped: 0 }), { at });
    }
    expect(run.last).toMatchObject({ code: "rate_limited" });
    run.feed({ kind: "opened", at: run.later(), expectedOrigin: "null", facts: FACTS });
    expect(run.state.console).toEqual([]);
  });
});
