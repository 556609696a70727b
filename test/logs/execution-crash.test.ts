import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { NO_USAGE } from "../../core/contract/execute.ts";
import { createExecutionLog } from "../../core/logs/index.ts";
import { systemClock } from "../../core/platform/clock.ts";
import { openDatabase } from "../../core/store/index.ts";
import { executionStart } from "../support/execution-start.ts";
import { tempFolder } from "../support/temp.ts";

const WRITER = fileURLToPath(new URL("../support/execution-writer.ts", import.meta.url));
/** Prime numbers, so that the kills fall into different phases of a group. */
const KILLED_AFTER_LINES = [7, 397, 1_999, 4_703];

/** What a writer had been promised when it was killed under load. */
async function promisesUntilKilled(file: string, lines: number): Promise<string[]> {
  const writer = spawn(process.execPath, [WRITER, file, `life${lines}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const said: string[] = [];
  for await (const line of createInterface({ input: writer.stdout })) {
    said.push(line);
    if (said.length === lines) writer.kill("SIGKILL");
  }
  if (writer.exitCode === null && writer.signalCode === null) await once(writer, "exit");
  expect(writer.signalCode).toBe("SIGKILL");
  return said;
}

describe("the execution log", () => {
  test("has every row that it promised when its process is killed, finished or interrupted", async () => {
    const file = join(tempFolder(), "workbench.sqlite");
    const promised = new Map<string, string>();
    for (const lines of KILLED_AFTER_LINES) {
      for (const line of await promisesUntilKilled(file, lines)) {
        const [outcome = "", id = ""] = line.split(" ");
        promised.set(id, outcome);
      }
    }
    const database = openDatabase(file);
    const log = createExecutionLog({ database, clock: systemClock });
    log.interruptLeftovers();
    const stored = new Map(
      database.prepare<[], [string, string]>("SELECT id, outcome FROM extension_execution_log").raw().all(),
    );
    expect(promised.size).toBeGreaterThan(1_000);
    const broken = [...promised].filter(([id, outcome]) => {
      const found = stored.get(id) ?? "missing";
      // Killed between the end's commit and the word of it, a begun call has ended.
      return outcome === "begun" ? !["interrupted", "succeeded"].includes(found) : found !== outcome;
    });
    expect(broken).toEqual([]);
    expect(KILLED_AFTER_LINES.map((lines) => stored.get(`life${lines}-for-good`))).toEqual(
      KILLED_AFTER_LINES.map(() => "interrupted"),
    );
    expect(log.list({ outcome: "running" }).items).toEqual([]);
    // What a filter finds is what the rows say, also after a crash.
    const interrupted = [...stored.values()].filter((outcome) => outcome === "interrupted").length;
    expect(log.list({ outcome: "interrupted", limit: 500 }).items).toHaveLength(interrupted);
  });

  test("commits what begins in one turn together, and one bad row fails alone", async () => {
    const database = openDatabase(join(tempFolder(), "workbench.sqlite"));
    const flushes: (() => void)[] = [];
    const log = createExecutionLog({
      database,
      clock: systemClock,
      schedule: (flush) => void flushes.push(flush),
    });
    const count = () => database.prepare("SELECT count(*) FROM extension_execution_begun").pluck().get();
    const begins = ["a", "b", "a", "c"].map((id) => log.begin(executionStart(id)));
    expect(count()).toBe(0);
    expect(flushes).toHaveLength(1);
    flushes[0]?.();
    const settled = await Promise.allSettled(begins);
    expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
    expect(count()).toBe(3);
  });

  test("refuses with store_full on a full disk, keeps what it has, and goes on when there is room", async () => {
    const database = openDatabase(join(tempFolder(), "workbench.sqlite"));
    const log = createExecutionLog({ database, clock: systemClock });
    await log.begin(executionStart("before"));
    database.pragma(`max_page_count = ${Number(database.pragma("page_count", { simple: true }))}`);
    const large = { rule: "x", outcome: "allow" as const, detail: "d".repeat(100_000), source: "default" };
    const end = { outcome: "succeeded" as const, status: 200, usage: NO_USAGE, trace: [large] };
    const failing = [log.finish("before", end), log.record(executionStart("refused"), end)];
    for (const write of failing) await expect(write).rejects.toMatchObject({ code: "store_full" });
    expect(log.get("before")?.outcome).toBe("running");
    database.pragma("max_page_count = 1000000");
    await log.finish("before", end);
    expect(log.get("before")?.outcome).toBe("succeeded");
  });
});
