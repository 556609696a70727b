import { join } from "node:path";
import { expect, test } from "vitest";
import { DEFAULT_RETENTION } from "../../core/contract/retention.ts";
import {
  createExecutionLog,
  createLogBook,
  createRetention,
  createSavedViews,
} from "../../core/logs/index.ts";
import { openDatabase } from "../../core/store/index.ts";
import { createSettings } from "../../core/tenants/index.ts";
import { fillExecutionLog } from "../bench/record-rows.ts";
import { tempFolder } from "../support/temp.ts";

function open(rows: number) {
  const database = openDatabase(join(tempFolder(), "workbench.sqlite"));
  fillExecutionLog(database, rows);
  // The rows begin on the first of March, one every 1.2 seconds.
  const clock = { now: () => new Date("2026-03-02T00:00:00.000Z") };
  const executions = createExecutionLog({ database, clock });
  const logs = createLogBook({ database });
  const settings = createSettings({ database });
  const pruned: unknown[] = [];
  const retention = createRetention({
    database,
    clock,
    executions,
    logs,
    settings,
    recordings: {
      prune: (policy) => {
        pruned.push(policy);
        return [];
      },
    },
  });
  const count = () => database.prepare("SELECT count(*) FROM extension_execution_log").pluck().get();
  return { executions, retention, settings, count, pruned };
}

test("what is kept is a setting; by rows, days and bytes the oldest go, and calls are recorded meanwhile", async () => {
  const { executions, retention, count, pruned } = open(4_000);
  expect(retention.policy()).toEqual(DEFAULT_RETENTION);
  expect(await retention.prune()).toEqual({ executions: 0, log_lines: 0 });

  retention.setPolicy({ ...DEFAULT_RETENTION, execution_rows: 1_500 });
  const newest = executions.list({ limit: 1 }).items[0]?.id;
  const pruning = retention.prune();
  let turns = 0;
  const other = setInterval(() => {
    turns += 1;
  }, 0);
  expect(await pruning).toEqual({ executions: 2_500, log_lines: 0 });
  clearInterval(other);
  expect(turns).toBeGreaterThan(0);
  expect(count()).toBe(1_500);
  expect(executions.list({ limit: 1 }).items[0]?.id).toBe(newest);
  expect(pruned).toHaveLength(2);

  // The same database under a smaller bound than the schema lets anybody set.
  const bytes = await retention.prune({ ...DEFAULT_RETENTION, megabytes: 1 });
  expect(bytes.executions).toBeGreaterThan(0);
  expect(count()).toBeGreaterThan(0);
});

test("a stored policy that cannot be read counts as none", () => {
  const { retention, settings } = open(1);
  settings.set("retention", '{"execution_days":"many"}');
  expect(retention.policy()).toEqual(DEFAULT_RETENTION);
});

test("a saved view is replaced by its name, and removed", () => {
  const { settings } = open(1);
  const views = createSavedViews(settings);
  views.save("executions", { name: "slow", filter: { outcome: "failed" } });
  views.save("executions", { name: "errors", filter: { code: "timeout", within_ms: 3_600_000 } });
  views.save("executions", { name: "slow", filter: { status: 504 } });
  expect(views.list("executions").map(({ name }) => name)).toEqual(["errors", "slow"]);
  expect(views.list("executions")[1]?.filter).toEqual({ status: 504 });
  expect(views.list("logs")).toEqual([]);
  expect(views.remove("executions", "slow").map(({ name }) => name)).toEqual(["errors"]);
});
