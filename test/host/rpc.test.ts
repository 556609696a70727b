import { describe, expect, test } from "vitest";
import { WorkbenchError } from "../../core/contract/errors.ts";
import { RPC_PROCEDURES } from "../../core/contract/rpc.ts";
import { answer } from "../gateway/fixture.ts";
import { createHostFixture, line, STATE } from "./fixture.ts";
import { unserved } from "./unserved.ts";

describe("the RPC", () => {
  test("state answers what the schema has and nothing more", async () => {
    const state = { ...STATE, private_key: "secret" };
    const { rpc } = createHostFixture({ state: () => state });
    const response = await rpc("state");
    expect(await response.json()).toEqual(STATE);
  });

  test("lists installs, of one tenant or all", async () => {
    const { rpc } = createHostFixture();
    expect(await (await rpc("installs.list")).json()).toMatchObject({ items: [{ install_id: "install-1" }] });
    expect(await (await rpc("installs.list", { tenant_id: "tenant-2" })).json()).toEqual({ items: [] });
    expect(await (await rpc("extensions.list")).json()).toEqual({ items: [] });
  });

  test("invoke answers what came back with usage, trace and the lines of that call", async () => {
    const fixture = createHostFixture();
    fixture.execute = async (request) => {
      fixture.book.append([
        line("hello", { request_id: request.context.request_id }),
        line("someone else's"),
      ]);
      return answer();
    };
    const response = await fixture.rpc("invoke", {
      install: "com.acme.hello",
      method: "POST",
      path: "/items?x=1",
      headers: [{ name: "content-type", value: "text/plain" }],
      body_b64: Buffer.from("hi").toString("base64"),
    });
    const result = RPC_PROCEDURES.invoke.output.parse(await response.json());
    expect(result).toMatchObject({ status: 200, usage: { fuel: 1_234 }, log_lines: [{ message: "hello" }] });
    expect(Buffer.from(result.body_b64, "base64").toString()).toBe('{"ok":true}');
    expect(result.trace.at(-1)?.rule).toBe("response_headers");
    expect(fixture.executed[0]?.http).toMatchObject({
      method: "POST",
      path: "/items",
      query: "?x=1",
      body_b64: "aGk=",
    });

    const listed = await (await fixture.rpc("executions.list", {})).json();
    expect(listed).toMatchObject({ items: [{ id: result.execution_id, outcome: "succeeded" }] });
    const one = await (await fixture.rpc("executions.get", { id: result.request_id })).json();
    expect(one).toMatchObject({ id: result.execution_id });
  });

  test("invoke answers a refusal of the gateway as data", async () => {
    const { rpc } = createHostFixture();
    const response = await rpc("invoke", { install: "nothing", method: "GET", path: "/" });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status: 404, error: { code: "extension_not_installed" } });
  });

  test.each([
    [
      "invoke",
      { install: "install-1", method: "GET", path: "/", tenant_id: "tenant-9" },
      404,
      "caller_not_found",
    ],
    [
      "invoke",
      { install: "install-1", method: "GET", path: "/", body_b64: "no base64!" },
      400,
      "malformed_request",
    ],
    ["invoke", { install: "install-1", method: "GET", path: "/", surprise: 1 }, 400, "malformed_request"],
    ["state", { surprise: 1 }, 400, "malformed_request"],
    ["executions.get", { id: "nothing" }, 404, "execution_not_found"],
    ["executions.list", { cursor: "nonsense" }, 400, "cursor_invalid"],
    ["executions.list", { limit: "many" }, 400, "malformed_request"],
    ["logs.query", { text: "x".repeat(300) }, 400, "malformed_request"],
    ["nothing", {}, 404, "not_found"],
    ["__proto__", {}, 404, "not_found"],
  ])("%s with %j answers %i %s", async (name, input, status, code) => {
    const { rpc } = createHostFixture();
    const response = await rpc(name, input);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code } });
  });

  test("a defect is told as internal, and its cause goes to the log", async () => {
    const fixture = createHostFixture({
      state: () => {
        throw new Error("password hunter2");
      },
    });
    const response = await fixture.rpc("state");
    const text = await response.text();
    expect([response.status, text.includes("hunter2")]).toEqual([500, false]);
    expect(fixture.logged).toEqual(["the host failed to answer"]);
  });

  test("a failure of the machine says what to do and names no folder", async () => {
    const details = { folder: "/home/ann/workbench" };
    const fixture = createHostFixture({
      state: () => {
        const message = "There is no room left.";
        throw new WorkbenchError({
          code: "store_full",
          kind: "environment",
          message,
          details,
          hint: "Free some.",
        });
      },
    });
    const response = await fixture.rpc("state");
    expect([response.status, await response.json()]).toEqual([
      503,
      {
        error: { code: "store_full", message: "There is no room left.", hint: "Free some." },
        request_id: expect.any(String),
      },
    ]);
    expect(fixture.logged).toEqual(["the host failed to answer"]);
  });

  test("a refusal does not send back what was sent", async () => {
    const { rpc } = createHostFixture();
    const unknown = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`key${index}`, 1]));
    const headers = Array.from({ length: 256 }, () => ({ name: 1, value: "x".repeat(1_000) }));
    for (const input of [unknown, { install: "a", method: "GET", path: "/", headers }]) {
      const response = await rpc("invoke", input);
      expect(response.status).toBe(400);
      expect((await response.text()).length).toBeLessThan(8_000);
    }
  });

  test("an answer outside the contract is a defect", async () => {
    // As an older or broken part might answer it.
    const broken = { ...STATE, runner: { state: "dancing" } } as unknown as typeof STATE;
    const { rpc } = createHostFixture({ state: () => broken });
    expect((await rpc("state")).status).toBe(500);
  });
});

describe("logs.tail", () => {
  test("sends lines as they are written and resumes after the last one", async () => {
    const { follow, book } = createHostFixture();
    const first = follow("logs.tail", { min_level: "warn" }, "0");
    book.append([line("no"), line("a", { level: "warn" })]);
    const a = (await first.next()).value;
    expect(a).toMatchObject({ message: "a" });
    await first.return(undefined);

    book.append([line("b", { level: "error" })]);
    const resumed = follow("logs.tail", { min_level: "warn" }, String(Object(a).id));
    expect((await resumed.next()).value).toMatchObject({ message: "b" });
    await resumed.return(undefined);
  });

  test("ends at its source when the host closes", async () => {
    const ended = Promise.withResolvers<void>();
    const { follow, host } = createHostFixture({
      logs: {
        query: () => ({ items: [] }),
        async *tail(_filter, { signal }) {
          yield [{ ...line("a"), id: 1 }];
          await new Promise((resolve) => signal.addEventListener("abort", resolve));
          ended.resolve();
        },
      },
    });
    await follow("logs.tail").next();
    await Promise.all([host.close(), ended.promise]);
  });

  test.each([
    [{ x: 1 }, undefined],
    [{}, "-1"],
    [{}, "abc"],
  ])("refuses %j after %j", async (input, after) => {
    const { follow } = createHostFixture();
    await expect(follow("logs.tail", input, after).next()).rejects.toMatchObject({
      data: { error: { code: "malformed_request" } },
    });
  });

  test("an event outside the contract ends the stream as a defect", async () => {
    const { follow, logged } = createHostFixture({
      // As an older or broken part might send it.
      logs: {
        query: () => ({ items: [] }),
        tail: async function* () {
          yield [{ id: "one" }] as never;
        },
      },
    });
    await expect(follow("logs.tail").next()).rejects.toMatchObject({ data: { error: { code: "internal" } } });
    expect(logged).toEqual(["the host failed to answer"]);
  });
});

describe("host.changes", () => {
  test("tells what a window has changed, and nothing of what was looked at or refused", async () => {
    const { rpc, follow } = createHostFixture({
      settings: {
        read: () => unserved("settings"),
        examine: async () => [],
        setLocalUploadKey: () => {},
        setUnsignedPolicy: async (tenantId) => {
          if (tenantId !== "tenant-1")
            throw new WorkbenchError({ code: "tenant_not_found", message: "None." });
        },
      },
    });
    const changes = follow("host.changes");
    const next = changes.next();
    await rpc("installs.list");
    await rpc("settings.unsigned_policy", { tenant_id: "tenant-9", policy: "allow" });
    await rpc("settings.unsigned_policy", { tenant_id: "tenant-1", policy: "allow" });
    expect((await next).value).toEqual({ by: ["settings.unsigned_policy"] });
    await changes.return(undefined);
  });

  test("tells that another process has written, to each window, and asks no more when they have gone", async () => {
    const listeners = new Set<() => void>();
    const { follow } = createHostFixture({
      elsewhere: {
        subscribe(listener) {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
      },
    });
    const windows = [follow("host.changes"), follow("host.changes")];
    const heard = windows.map((changes) => changes.next());
    await expect.poll(() => listeners.size).toBe(2);
    for (const tell of listeners) tell();
    for (const next of heard) expect((await next).value).toEqual({ by: [], elsewhere: true });
    for (const changes of windows) await changes.return(undefined);
    await expect.poll(() => listeners.size).toBe(0);
  });
});
