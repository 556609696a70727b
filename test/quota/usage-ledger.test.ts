import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { NO_USAGE } from "../../core/contract/execute.ts";
import { createUsageLedger, quotaReport } from "../../core/quota/index.ts";
import { openDatabase } from "../../core/store/index.ts";
import { install, LIMITS, TENANT } from "../policy/facts.ts";
import { tempFolder } from "../support/temp.ts";

const usage = {
  ...NO_USAGE,
  duration_ms: 10,
  memory_bytes: 3 * 2 ** 20,
  fuel: 7_000_000_000,
  egress_bytes: 5,
};
const at = (time: string) => new Date(`2026-03-01T${time}Z`);

function open() {
  const file = join(tempFolder(), "workbench.sqlite");
  return { file, ledger: createUsageLedger({ database: openDatabase(file) }) };
}

describe("the usage ledger", () => {
  test("adds up the calls of one minute and starts anew with the next", () => {
    const { ledger } = open();
    ledger.record({ install: install(), at: at("12:00:00.000"), usage, failed: false });
    ledger.record({ install: install(), at: at("12:00:59.999"), usage, failed: true });
    ledger.record({ install: install(), at: at("12:01:00.000"), usage, failed: false });
    expect(ledger.window("install-1", at("12:00:30.000"))).toEqual({
      start: "2026-03-01T12:00:00.000Z",
      endsInMs: 30_000,
      usage: {
        invocations: 2,
        errors: 1,
        duration_ms: 20,
        memory_ms: 60,
        fuel: 14_000_000_000,
        egress_bytes: 10,
      },
    });
    expect(ledger.window("install-1", at("12:01:59.999")).usage.invocations).toBe(1);
    expect(ledger.window("install-1", at("12:02:00.000")).usage.invocations).toBe(0);
  });

  test("keeps installs apart", () => {
    const { ledger } = open();
    ledger.record({ install: install(), at: at("12:00:00.000"), usage, failed: false });
    expect(ledger.egressWindow("install-2", at("12:00:01.000"))).toEqual({ bytes: 0, endsInMs: 59_000 });
    expect(ledger.egressWindow("install-1", at("12:00:01.000")).bytes).toBe(5);
  });

  test("remembers across processes, and they add to one window", () => {
    const { file, ledger } = open();
    ledger.record({ install: install(), at: at("12:00:00.000"), usage, failed: false });
    const other = createUsageLedger({ database: openDatabase(file) });
    other.record({ install: install(), at: at("12:00:01.000"), usage, failed: false });
    expect(ledger.egressWindow("install-1", at("12:00:02.000")).bytes).toBe(10);
  });

  test("prunes windows that began before", () => {
    const { ledger } = open();
    ledger.record({ install: install(), at: at("12:00:00.000"), usage, failed: false });
    ledger.record({ install: install(), at: at("12:01:00.000"), usage, failed: false });
    expect(ledger.prune(at("12:01:00.000"))).toBe(1);
    expect(ledger.egressWindow("install-1", at("12:01:30.000")).bytes).toBe(5);
  });
});

test("the quota report shows every limit with its source and what this minute used", () => {
  const { ledger } = open();
  ledger.record({ install: install(), at: at("12:00:10.000"), usage, failed: false });
  const tenant = { ...TENANT, limits: { fuel: 5, timeout_ms: 6 } };
  const report = quotaReport(ledger, LIMITS, tenant, install({ limits: { fuel: 9 } }), at("12:00:20.000"));
  expect(report).toMatchObject({
    install_id: "install-1",
    limits: {
      fuel: { value: 9, source: "install:limits.fuel" },
      timeout_ms: { value: 6, source: "tenant:limits.timeout_ms" },
      concurrency: { value: 2, source: "default" },
    },
    window: { start: "2026-03-01T12:00:00.000Z", ends_in_ms: 40_000 },
    usage: { invocations: 1, egress_bytes: 5 },
  });
});
