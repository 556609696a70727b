import { join } from "node:path";
import { expect, test } from "vitest";
import { NO_USAGE } from "../../core/contract/execute.ts";
import type { ExecutionEnd } from "../../core/contract/execution-record.ts";
import { createExecutionLog } from "../../core/logs/index.ts";
import { openDatabase } from "../../core/store/index.ts";
import { executionStart } from "../support/execution-start.ts";
import { tempFolder } from "../support/temp.ts";

const END: ExecutionEnd = { outcome: "succeeded", status: 200, usage: NO_USAGE, trace: [] };
const clock = { now: () => new Date("2026-03-01T12:00:00.000Z") };

function twoProcesses() {
  const file = join(tempFolder(), "workbench.sqlite");
  const open = (pid: number) => {
    const database = openDatabase(file);
    return { database, log: createExecutionLog({ database, clock, pid, isAlive: () => true }) };
  };
  return { host: open(1), command: open(2) };
}

const outcomes = ({ log }: ReturnType<typeof twoProcesses>["host"]) =>
  log.list().items.map(({ id, outcome }) => `${id} ${outcome}`);

test("what has begun is in the log for whoever looks, in any process, and is ended there by its own", async () => {
  const { host, command } = twoProcesses();
  await host.log.begin(executionStart("a"));
  expect(outcomes(command)).toEqual(["a running"]);
  await host.log.begin(executionStart("b"));
  await host.log.finish("a", END);
  expect(outcomes(host)).toEqual(["b running", "a succeeded"]);
  await host.log.finish("b", END);
  expect(outcomes(command)).toEqual(["b succeeded", "a succeeded"]);
  expect(host.log.list({ outcome: "running" }).items).toEqual([]);
  expect(command.log.interruptLeftovers()).toBe(0);
});

test("nobody looks: a call is one row of the log, and nothing of it is left where it began", async () => {
  const { host } = twoProcesses();
  await host.log.begin(executionStart("a"));
  const count = (table: string) => host.database.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
  expect([count("extension_execution_begun"), count("extension_execution_log")]).toEqual([1, 0]);
  await host.log.finish("a", END);
  expect([count("extension_execution_begun"), count("extension_execution_log")]).toEqual([0, 1]);
});

test("who follows the log sees that a call begins, and that it ends", async () => {
  const { host, command } = twoProcesses();
  await command.log.begin(executionStart("before"));
  const after = host.log.newestRevision();
  const stop = host.log.subscribe(() => {});
  await host.log.begin(executionStart("a"));
  await command.log.begin(executionStart("b"));
  const seen = host.log.changes(after, 10);
  expect(seen.map(({ record }) => `${record.id} ${record.outcome}`)).toEqual(["a running", "b running"]);
  await host.log.finish("a", END);
  await command.log.finish("b", END);
  const ended = host.log.changes(seen.at(-1)?.revision ?? 0, 10);
  expect(ended.map(({ record }) => `${record.id} ${record.outcome}`)).toEqual(["a succeeded", "b succeeded"]);
  stop();
});

test("what a dead process had begun is interrupted, whether somebody had looked or not", async () => {
  const { host, command } = twoProcesses();
  await host.log.begin(executionStart("seen"));
  expect(outcomes(command)).toEqual(["seen running"]);
  await host.log.begin(executionStart("unseen"));
  const later = createExecutionLog({ database: command.database, clock, pid: 3, isAlive: () => false });
  expect(later.interruptLeftovers()).toBe(2);
  expect(outcomes(command)).toEqual(["unseen interrupted", "seen interrupted"]);
});
