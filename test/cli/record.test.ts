import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { followServing } from "../../core/cli/follow-log.ts";
import { NO_USAGE } from "../../core/contract/execute.ts";
import {
  createExecutionLog,
  createLiveStream,
  createLogBook,
  createSavedViews,
} from "../../core/logs/index.ts";
import { pathsOf } from "../../core/platform/paths.ts";
import { openDatabase } from "../../core/store/index.ts";
import { createSettings } from "../../core/tenants/index.ts";
import { announceServing, findServing } from "../../core/wiring/serving.ts";
import { createHostFixture, line, TOKEN } from "../host/fixture.ts";
import { startCli } from "../support/cli-process.ts";
import { workbench } from "../support/command-line.ts";
import { executionStart } from "../support/execution-start.ts";
import { suiteFolder, tempFolder } from "../support/temp.ts";

const folder = suiteFolder();
const home = join(folder, "home");
const options = { cwd: folder, home };

describe("the record on the command line", () => {
  beforeAll(async () => {
    // The home's first use makes its database.
    await workbench(["list"], options);
    const database = openDatabase(pathsOf(home).database);
    // No two in one millisecond: their order is looked at.
    let at = Date.now();
    const log = createExecutionLog({ database, clock: { now: () => new Date(at++) } });
    const ended = { outcome: "succeeded" as const, status: 200, usage: NO_USAGE, trace: [] };
    await log.record(executionStart("a"), ended);
    await log.record(executionStart("b", { path: "/orders/7", version_id: "v2" }), { ...ended, status: 500 });
    await log.record(executionStart("c", { path: "/orders/8" }), {
      ...ended,
      outcome: "refused",
      status: 404,
      code: "endpoint_not_found",
    });
    createSavedViews(createSettings({ database })).save("executions", {
      name: "missing",
      filter: { code: "endpoint_not_found", within_ms: 3_600_000 },
    });
    createLogBook({ database }).append([line("kept one"), line("kept two", { level: "warn" })]);
    database.close();
  });

  const list = async (...args: string[]) => {
    const outcome = await workbench(["executions", "list", ...args, "--json"], options);
    expect(outcome.code, outcome.stderr).toBe(0);
    return (outcome.json() as { items: { id: string }[] }).items.map(({ id }) => id);
  };

  it.each([
    [
      ["--text", "orders"],
      ["c", "b"],
    ],
    [["--text", "request-a"], ["a"]],
    [["--status", "500"], ["b"]],
    [["--version", "v2"], ["b"]],
    [["--request", "request-c"], ["c"]],
    [["--until", "2020-01-01"], []],
    [["--view", "missing"], ["c"]],
    [["--view", "missing", "--code", "timeout"], []],
  ])("lists with %j", async (args, expected) => {
    expect(await list(...args)).toEqual(expected);
  });

  it("says which saved views there are when it has not the one asked for", async () => {
    const outcome = await workbench(["executions", "list", "--view", "nothing"], options);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain("There are: missing.");
  });

  it("exports executions as an HTTP Archive, and names the one that there is not", async () => {
    const outcome = await workbench(
      ["executions", "export", "--har", "-o", "calls.har", "b", "request-a", "--json"],
      options,
    );
    expect(outcome.code, outcome.stderr).toBe(0);
    const { log } = JSON.parse(readFileSync(join(folder, "calls.har"), "utf8"));
    expect(log.version).toBe("1.2");
    expect(log.entries.map((entry: { _execution: { id: string } }) => entry._execution.id)).toEqual([
      "a",
      "b",
    ]);
    const unknown = await workbench(
      ["executions", "export", "--har", "-o", "x.har", "zz", "--json"],
      options,
    );
    expect(unknown.json()).toMatchObject({ error: { code: "execution_not_found", details: { id: "zz" } } });
  });

  it("compares two executions, and names the one that there is not", async () => {
    const outcome = await workbench(["executions", "compare", "a", "request-b", "--json"], options);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(outcome.json()).toMatchObject({ left: { id: "a" }, right: { id: "b" } });
    const { lines } = outcome.json() as { lines: { what: string; differs: boolean }[] };
    expect(lines.filter(({ differs }) => differs).map(({ what }) => what)).toEqual(["request", "outcome"]);
    const human = await workbench(["executions", "compare", "a", "b"], options);
    expect(human.stdout).toMatch(/request +GET \/items +GET \/orders\/7 +differs/);
    const unknown = await workbench(["executions", "compare", "a", "zz", "--json"], options);
    expect(unknown.json()).toMatchObject({ error: { code: "execution_not_found", details: { id: "zz" } } });
  });

  it("shows lines of a time, and refuses one for lines to come", async () => {
    const logs = async (...args: string[]) => {
      const outcome = await workbench(["logs", ...args, "--json"], options);
      return (outcome.json() as { items: unknown[] }).items.length;
    };
    expect(await logs("--since", "2000-01-01")).toBe(2);
    expect(await logs("--until", "2000-01-01")).toBe(0);
    expect((await workbench(["logs", "--follow", "--since", "2000-01-01"], options)).code).toBe(2);
  });

  it("prunes to what it is told, and keeps that from then on", async () => {
    const outcome = await workbench(["executions", "prune", "--days", "90", "--save", "--json"], options);
    expect(outcome.json()).toMatchObject({ executions: 0, log_lines: 1, policy: { execution_days: 90 } });
    const again = await workbench(["executions", "prune", "--json"], options);
    expect(again.json()).toMatchObject({ policy: { execution_days: 90, log_days: 14 } });
    expect((await workbench(["executions", "prune", "--rows", "5"], options)).code).toBe(2);
  });

  it("follows the database while nothing serves it, and ends on Ctrl+C", async () => {
    const following = startCli(["logs", "--follow", "--json", "--home", home, "--text", "fresh"]);
    await following.progress(/no workbench serves/);
    const database = openDatabase(pathsOf(home).database);
    createLogBook({ database }).append([line("stale"), line("fresh")]);
    expect(JSON.parse(await following.answer())).toMatchObject({ message: "fresh" });
    database.close();
    following.kill("SIGINT");
    expect(await following.ended()).toEqual([0, null]);
  });
});

describe("following a host that serves the home", () => {
  it("finds it by a file that only the owner can read, and only while it lives", () => {
    const dir = tempFolder();
    const serving = { url: "http://127.0.0.1:4310", token: TOKEN, pid: process.pid };
    const withdraw = announceServing(dir, serving);
    expect(statSync(join(dir, "serving.json")).mode & 0o777).toBe(0o600);
    expect(findServing(dir)).toEqual(serving);
    const other = announceServing(dir, { ...serving, token: "another-host-of-this-home" });
    withdraw();
    expect(findServing(dir)?.token).toBe("another-host-of-this-home");
    other();
    expect(findServing(dir)).toBeUndefined();
    announceServing(dir, { ...serving, pid: 2 ** 22 + 1 });
    expect(findServing(dir)).toBeUndefined();
    announceServing(dir, { ...serving, url: "http://attacker.example" });
    expect(findServing(dir)).toBeUndefined();
  });

  it("gives every line once across a restart of the host, and stops where nobody serves any more", async () => {
    const first = createHostFixture();
    const second = createHostFixture({
      live: createLiveStream({ logs: first.book, executions: first.executions }),
    });
    const hosts = [first.host, second.host];
    const urls: string[] = [];
    for (const host of hosts) urls.push((await host.listen(0)).url);
    let restarts = 0;
    const seen: string[] = [];
    const following = followServing(
      () => {
        const url = urls[restarts];
        return url === undefined ? undefined : { url, token: TOKEN, pid: process.pid };
      },
      { extension: "com.acme.hello" },
      {
        onOpen: () => {
          if (restarts === 0) first.book.append([line("one"), line("two")]);
        },
        onLine: ({ message }) => {
          seen.push(message);
          if (message !== "two" && message !== "four") return;
          void hosts[restarts]?.close();
          restarts += 1;
          // While nobody listens.
          if (restarts === 1) first.book.append([line("three"), line("four")]);
        },
        onGap: () => {},
      },
      new AbortController().signal,
    );
    expect(await following).toBe(4);
    expect(seen).toEqual(["one", "two", "three", "four"]);
  });
});
