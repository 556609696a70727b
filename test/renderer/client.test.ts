import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { LogItem } from "../../core/contract/log-query.ts";
import type { RpcHandlers, RpcSources } from "../../core/host/rpc.ts";
import { createRpcClient } from "../../renderer/client.ts";
import type { StreamState } from "../../renderer/event-stream.ts";
import { createHostApi } from "../../renderer/rpc-host-api.ts";
import { ClientError } from "../../renderer/state/failure.ts";
import type { HostApi } from "../../renderer/state/host-api.ts";
import { installOfTest, logEventOfTest } from "./installs.ts";
import { connectTo, startLiveHost } from "./live-host.ts";
import { createManualTimers } from "./timers.ts";

const line = (id: number): LogItem => ({ ...logEventOfTest(`line ${id}`), id });

/** The page's client against the host's own socket: only what lies behind the handlers is the test's. */
async function connected(
  handlers: Partial<RpcHandlers>,
  tail: RpcSources["logs.tail"] = async function* () {},
) {
  const host = await startLiveHost({ handlers, sources: { "logs.tail": tail } });
  const timers = createManualTimers();
  const client = createRpcClient(connectTo(host), timers);
  return { host, client, timers, api: createHostApi(client) };
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
    const { api } = await connected({ "installs.list": () => ({ items: [installOfTest()] }) });
    expect(await api.extensions(AbortSignal.timeout(5_000))).toEqual([installOfTest()]);
  });

  it("carries a body of any characters to the host and its bytes back", async () => {
    const asked: unknown[] = [];
    const { api } = await connected({
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
    const { client } = await connected({});
    const asking = client.call("executions.get", { id: "" });
    await expect(asking).rejects.toSatisfy(
      (error) => error instanceof ClientError && error.failure.code === "contract_broken",
    );
  });

  it("shows the past lines first and the live ones after the last of them", async () => {
    const asked: (number | undefined)[] = [];
    const { api } = await connected(
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
    const { api, timers } = await connected(
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

  it("takes a burst of lines whole and in order, and leaves out what is none", async () => {
    const { api } = await connected(
      { "logs.query": () => ({ items: [] }) },
      async function* (_filter, { signal }) {
        for (let page = 0; page < 20; page += 1) {
          yield Array.from({ length: 500 }, (_, index) => line(page * 500 + index + 1));
        }
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
      },
    );
    const log = follow(api);
    await vi.waitFor(() => expect(log.lines).toHaveLength(10_000), { timeout: 10_000 });
    expect(log.lines).toEqual(Array.from({ length: 10_000 }, (_, index) => `line ${index + 1}`));
  });

  it("ends the source when the page stops following", async () => {
    const ended = Promise.withResolvers<void>();
    const { api } = await connected(
      { "logs.query": () => ({ items: [] }) },
      async function* (_filter, { signal }) {
        yield [line(1)];
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        ended.resolve();
      },
    );
    const lines: string[] = [];
    const stop = api.followLog(
      (event) => lines.push(event.message),
      () => {},
    );
    await vi.waitFor(() => expect(lines).toEqual(["line 1"]));
    stop();
    await ended.promise;
  });

  it("resumes every subscription after its last event when the host comes back on its port", async () => {
    const asked: (number | undefined)[] = [];
    const tail: RpcSources["logs.tail"] = async function* (_filter, { after, signal }) {
      asked.push(after);
      yield [line((after ?? 0) + 1)];
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    };
    const { api, host, timers } = await connected({ "logs.query": () => ({ items: [line(7)] }) }, tail);
    const [one, two] = [follow(api), follow(api)];
    await vi.waitFor(() =>
      expect([one.lines, two.lines]).toEqual([
        ["line 7", "line 8"],
        ["line 7", "line 8"],
      ]),
    );
    await host.stop();
    await vi.waitFor(() => expect([one.states.at(-1), two.states.at(-1)]).toEqual(["lost", "lost"]));
    await startLiveHost({ port: host.port, sources: { "logs.tail": tail } });
    // A host that stops says that its streams end; those are begun again after a pause.
    timers.elapse();
    await vi.waitFor(() => expect([one.lines.at(-1), two.lines.at(-1)]).toEqual(["line 9", "line 9"]), {
      timeout: 10_000,
    });
    expect(asked).toEqual([7, 7, 8, 8]);
    expect(one.states).toEqual(["connecting", "open", "lost", "open"]);
  });
});
