import { join } from "node:path";
import { expect, test } from "vitest";
import type { ExecutionRecord } from "../../core/contract/execution-record.ts";
import { createQuotaSettings, createUsageLedger, executionHeadroom } from "../../core/quota/index.ts";
import { openDatabase } from "../../core/store/index.ts";
import { install, LIMITS, TENANT } from "../policy/facts.ts";
import { tempFolder } from "../support/temp.ts";

const at = new Date("2026-03-01T12:00:10.000Z");
const usage = {
  duration_ms: 1_500,
  memory_bytes: 32 * 2 ** 20,
  fuel: 500_000,
  egress_bytes: 10,
  host_calls: 0,
  log_lines: 0,
};

test("an execution is compared with what is in force and with every profile, first refusal named", () => {
  const database = openDatabase(join(tempFolder(), "workbench.sqlite"));
  const ledger = createUsageLedger({ database });
  const settings = createQuotaSettings({ database, clock: { now: () => at }, defaults: LIMITS });
  settings.saveProfile("tiny", { concurrency: 1, fuel: 1 });
  ledger.record({ install: install(), at, usage, failed: false, inFlight: 1 });
  const execution: ExecutionRecord = {
    id: "e1",
    request_id: "r1",
    tenant_id: TENANT.id,
    extension_id: "registry-1",
    extension_name: "com.acme.hello",
    version_id: "version-1",
    install_id: "install-1",
    content_hash: "",
    method: "GET",
    path: "/",
    outcome: "succeeded",
    started_at: at.toISOString(),
    usage,
    trace: [
      {
        rule: "concurrency",
        outcome: "allow",
        detail: "",
        source: "default",
        budgets: [{ name: "concurrency", scope: "install", limit: 2, used: 1, remaining: 1 }],
      },
    ],
  };
  const { profiles } = executionHeadroom({ ledger, settings }, execution, {
    tenant: TENANT,
    install: install(),
  });
  const of = (profile?: string) => profiles.find((entry) => entry.profile === profile);
  expect(profiles.map(({ profile, first_refusal }) => [profile, first_refusal])).toEqual([
    [undefined, undefined],
    ["default", undefined],
    ["strict", "timeout_ms"],
    ["production", undefined],
    // The slot is asked for before the fuel.
    ["tiny", "concurrency"],
  ]);
  expect(of()?.rows).toContainEqual({
    name: "timeout_ms",
    used: 1_500,
    limit: 5_000,
    percent: 30,
    refuses: false,
    source: "default",
  });
  expect(of("tiny")?.rows).toContainEqual(
    expect.objectContaining({ name: "concurrency", used: 2, limit: 1, percent: 200, refuses: true }),
  );
  expect(of()?.rows).toContainEqual(
    expect.objectContaining({ name: "egress_bytes_per_minute", used: 10, limit: 1_000 }),
  );
  expect(of("strict")?.rows).toContainEqual(
    expect.objectContaining({ name: "invocations_per_day", used: 1 }),
  );
});
