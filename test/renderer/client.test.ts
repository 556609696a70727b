import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { LogItem } from "../../core/contract/log-query.ts";
import { RPC_PROCEDURES, RPC_SUBSCRIPTIONS } from "../../core/contract/rpc.ts";
import { createRpcApp, type RpcHandlers, type RpcSources } from "../../core/host/rpc.ts";
import { createRpcClient } from "../../renderer/client.ts";
import type { StreamState } from "../../renderer/event-stream.ts";
import { createHostApi } from "../../renderer/rpc-host-api.ts";
import { createHostFetch } from "../../renderer/rpc-transport.ts";
import { ClientError } from "../../renderer/state/failure.ts";
import type { HostApi } from "../../renderer/state/host-api.ts";
import { installOfTest, logEventOfTest } from "./installs.ts";
import { createManualTimers } from "./timers.ts";

const notAsked = (): never => {
  throw new Error("not asked for in this test");
};

const line = (id: number): LogItem => ({ ...logEventOfTest(`line ${id}`), id });

/** The page's client against the host's own RPC app: only what lies behind the handlers is the test's. */
function connected(handlers: Partial<RpcHandlers>, tail: RpcSources["logs.tail"] = async function* () {}) {
  const closing = new AbortController();
  onTestFinished(() => closing.abort());
  // The cast: every name of the map gets the same handler, which the compiler does not follow through fromEntries.
  const unused = <Names extends object>(names: Names) =>
    Object.fromEntries(Object.keys(names).map((name) => [name, notAsked])) as Record<
      keyof Names,
      typeof notAsked
    >;
  const app = createRpcApp(
    { ...unused(RPC_PROCEDURES), ...handlers },
    { ...unused(RPC_SUBSCRIPTIONS), "logs.tail": tail },
    closing.signal,
  );
  const answered = async (url: string | URL | Request, init?: RequestInit): Promise<Response> =>
    app.fetch(new Request(url, init));
  const timers = createManualTimers();
  const client = createRpcClient(createHostFetch({ url: "http://127.0.0.1", token: "t" }, answered), timers);
  return { client, timers, api: createHostApi(client) };
}

function follow(api: HostApi) {
  const lines: string[] = [];
  const states: StreamState[] = [];
  onTestFinished(
    api.followLog(
      (event) => lines.push(event.message),
      (state) => states.push(state),
    ),
  );
  return { lines, states };
}

describe("the page's client of the host", () => {
  it("lists what is installed as the contract describes it", async () => {
    const { api } = connected({ "installs.list": () => ({ items: [installOfTest()] }) });
    expect(await api.extensions(AbortSignal.timeout(5_000))).toEqual([installOfTest()]);
  });

  it("carries a body of any characters to the host and its bytes back", async () => {
    const asked: unknown[] = [];
    const { api } = connected({
      invoke: (input) => {
        asked.push(input);
        return {
          status: 418,
          headers: [{ name: "x-ext-a", value: "b" }],
          body_b64: input.body_b64 ?? "",
          request_id: "r1",
          usage: { duration_ms: 1, memory_bytes: 2, fuel: 3, egress_bytes: 4, host_calls: 5, log_lines: 6 },
          trace: [{ rule: "authenticate", outcome: "allow", detail: "d", source: "default" }],
          log_lines: [],
        };
      },
    });
    const text = 'Zażółć {"a": "\u{1f9ea}"}\n';
    const answer = await api.send(
      "install-1",
      { method: "POST", path: "/a?b=c", headers: [{ name: "accept", value: "*/*" }], body: text },
      AbortSignal.timeout(5_000),
    );
    expect(asked).toEqual([
      {
        install: "install-1",
        method: "POST",
        path: "/a?b=c",
        headers: [{ name: "accept", value: "*/*" }],
        body_b64: Buffer.from(text).toString("base64"),
      },
    ]);
    expect(answer).toMatchObject({
      status: 418,
      request_id: "r1",
      usage: { fuel: 3 },
      trace: [{ rule: "authenticate" }],
    });
    expect(new TextDecoder().decode(answer.body)).toBe(text);
  });

  it("refuses to ask what the contract does not allow, before anything is sent", async () => {
    const { client } = connected({});
    const asking = client.call("executions.get", { id: "" });
    await expect(asking).rejects.toSatisfy(
      (error) => error instanceof ClientError && error.failure.code === "contract_broken",
    );
  });

  it.each(["{}", "not json", '{"items": [{"install_id": 7}]}'])(
    "does not take %j for an answer of the contract",
    async (text) => {
      const client = createRpcClient(
        createHostFetch({ url: "http://127.0.0.1", token: "t" }, async () => new Response(text)),
        createManualTimers(),
      );
      await expect(client.call("installs.list", {})).rejects.toSatisfy(
        (error) => error instanceof ClientError && error.failure.kind === "contract",
      );
    },
  );

  it("shows the past lines first and the live ones after the last of them", async () => {
    const asked: (number | undefined)[] = [];
    const { api } = connected(
      { "logs.query": () => ({ items: [line(4), line(5)] }) },
      async function* (_filter, { after, signal }) {
        asked.push(after);
        yield [line(6)];
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
      },
    );
    const log = follow(api);
    await vi.waitFor(() => expect(log.lines).toEqual(["line 4", "line 5", "line 6"]));
    expect(asked).toEqual([5]);
    expect(log.states).toEqual(["connecting", "open"]);
  });

  it("goes on after the newest line when the stream was lost, and asks for the past only once", async () => {
    const asked: (number | undefined)[] = [];
    let queries = 0;
    const { api, timers } = connected(
      {
        "logs.query": () => {
          queries += 1;
          return { items: [] };
        },
      },
      async function* (_filter, { after }) {
        asked.push(after);
        yield [line((after ?? 0) + 1)];
      },
    );
    const log = follow(api);
    await vi.waitFor(() => expect(log.states.at(-1)).toBe("lost"));
    timers.elapse();
    await vi.waitFor(() => expect(log.lines).toEqual(["line 1", "line 2"]));
    expect(asked).toEqual([0, 1]);
    expect(queries).toBe(1);
  });
});
