import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { NO_USAGE } from "../../core/contract/execute.ts";
import { createUsageLedger, type UsageLedger } from "../../core/quota/index.ts";
import { openDatabase } from "../../core/store/index.ts";
import { install } from "../policy/facts.ts";
import { tempFolder } from "../support/temp.ts";

const usage = {
  ...NO_USAGE,
  duration_ms: 10,
  guest_ms: 8,
  memory_bytes: 3 * 2 ** 20,
  fuel: 7_000_000_000,
  egress_bytes: 5,
};
const at = (time: string) => new Date(time.includes("T") ? time : `2026-03-01T${time}Z`);

function open() {
  const file = join(tempFolder(), "workbench.sqlite");
  const database = openDatabase(file);
  return { file, database, ledger: createUsageLedger({ database }) };
}

function call(ledger: UsageLedger, time: string, failed = false, of = install()) {
  ledger.record({ install: of, at: at(time), usage, failed, inFlight: 1 });
}

const own = { scope: "install", id: "install-1" } as const;

describe("the usage ledger", () => {
  test("adds up the calls of one minute and starts anew with the next", () => {
    const { ledger } = open();
    call(ledger, "12:00:00.000");
    call(ledger, "12:00:59.999", true);
    call(ledger, "12:01:00.000");
    ledger.refused(install(), at("12:00:30.000"));
    expect(ledger.window(own, "minute", at("12:00:30.000"))).toEqual({
      start: "2026-03-01T12:00:00.000Z",
      endsInMs: 30_000,
      usage: {
        invocations: 2,
        errors: 1,
        refused: 1,
        duration_ms: 20,
        cpu_ms: 16,
        memory_ms: 60,
        fuel: 14_000_000_000,
        egress_bytes: 10,
      },
    });
    expect(ledger.window(own, "minute", at("12:01:59.999")).usage.invocations).toBe(1);
    expect(ledger.window(own, "minute", at("12:02:00.000")).usage.invocations).toBe(0);
  });

  test("counts the same call in its hour, its day and its month", () => {
    const { ledger } = open();
    for (const time of ["2026-02-28T23:59:59.999Z", "12:00:00.000", "12:59:00.000", "23:00:00.000"]) {
      call(ledger, time);
      ledger.refused(install(), at(time));
    }
    const now = at("12:30:00.000");
    expect(ledger.window(own, "hour", now)).toMatchObject({
      endsInMs: 1_800_000,
      usage: { invocations: 2, refused: 2 },
    });
    expect(ledger.window(own, "day", now).usage).toMatchObject({ invocations: 3, refused: 3 });
    expect(ledger.window(own, "month", now)).toMatchObject({
      start: "2026-03-01T00:00:00.000Z",
      usage: { invocations: 3 },
    });
    expect(ledger.window(own, "month", at("2026-02-01T00:00:00Z"))).toMatchObject({
      endsInMs: 28 * 86_400_000,
      usage: { invocations: 1 },
    });
  });

  test("keeps installs apart, and adds them up for their tenant and their extension", () => {
    const { ledger } = open();
    call(ledger, "12:00:00.000");
    call(ledger, "12:00:00.000", false, install({ install_id: "install-2", tenant_id: "tenant-2" }));
    call(ledger, "12:00:00.000", false, install({ install_id: "install-3", registry_id: "registry-3" }));
    const egress = (scope: "install" | "tenant" | "extension", id: string) =>
      ledger.window({ scope, id }, "minute", at("12:00:01.000")).usage.egress_bytes;
    expect(egress("install", "install-1")).toBe(5);
    expect(egress("install", "nobody")).toBe(0);
    expect(egress("tenant", "tenant-1")).toBe(10);
    expect(egress("extension", "registry-1")).toBe(10);
    expect(egress("extension", "nothing")).toBe(0);
  });

  test("remembers across processes, and they add to one window", () => {
    const { file, ledger } = open();
    call(ledger, "12:00:00.000");
    ledger.flush();
    const other = createUsageLedger({ database: openDatabase(file) });
    expect(other.window(own, "day", at("12:00:02.000")).usage.egress_bytes).toBe(5);
    call(other, "12:00:01.000");
    other.flush();
    for (const either of [ledger, other]) {
      expect(either.window(own, "day", at("12:00:02.000")).usage.egress_bytes).toBe(10);
    }
  });

  test("counts at once what is written later, and loses nothing when it cannot be written", () => {
    const { database, ledger } = open();
    const written = database.prepare("SELECT count(*) FROM extension_quota_usage").pluck();
    const used = () => ledger.window({ scope: "tenant", id: "tenant-1" }, "day", at("12:00:05.000")).usage;
    call(ledger, "12:00:00.000");
    expect([used().invocations, written.get()]).toEqual([1, 0]);
    call(ledger, "12:00:01.000");
    expect(used().invocations).toBe(2);
    database.exec("ALTER TABLE extension_quota_usage RENAME TO aside");
    expect(() => ledger.flush()).toThrow();
    call(ledger, "12:00:02.000");
    database.exec("ALTER TABLE aside RENAME TO extension_quota_usage");
    ledger.flush();
    expect([used().invocations, written.get()]).toEqual([3, 4]);
    expect(createUsageLedger({ database }).window(own, "month", at("12:00:05.000")).usage.fuel).toBe(
      21_000_000_000,
    );
  });

  test("a clock that goes forward and back again finds every window as it was left", () => {
    const { ledger } = open();
    call(ledger, "12:00:00.000");
    call(ledger, "2026-03-02T12:00:00.000Z");
    ledger.prune(at("2126-01-01T00:00:00Z"));
    expect(ledger.window(own, "minute", at("12:00:00.000")).usage.invocations).toBe(1);
    expect(ledger.window(own, "month", at("12:00:00.000")).usage.invocations).toBe(2);
    call(ledger, "12:00:30.000");
    expect(ledger.window(own, "day", at("12:00:59.000")).usage.invocations).toBe(2);
  });

  test("prunes minutes that are both old and not among the newest", () => {
    const { ledger } = open();
    const first = at("00:00:00.000").getTime();
    for (let minute = 0; minute < 2_885; minute += 1) {
      ledger.refused(install(), new Date(first + minute * 60_000));
    }
    expect(ledger.prune(at("00:10:00.000"))).toBe(0);
    expect(ledger.prune(at("2026-04-01T00:00:00Z"))).toBe(5);
    expect(ledger.window(own, "minute", new Date(first)).usage.refused).toBe(0);
    expect(ledger.window(own, "minute", new Date(first + 5 * 60_000)).usage.refused).toBe(1);
  });
});
