import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { openDatabase } from "../../core/store/index.ts";
import { createElsewhere } from "../../core/wiring/elsewhere.ts";
import { tempFolder } from "../support/temp.ts";
import { createTestTime } from "../support/timers.ts";

it("tells what another process has committed, not what this one has, and looks only while anybody listens", () => {
  const file = join(tempFolder(), "home.sqlite");
  const [ours, theirs] = [openDatabase(file), openDatabase(file)];
  onTestFinished(() => {
    for (const database of [ours, theirs]) database.close();
  });
  const write = (database: typeof ours, name: string) =>
    database.prepare("INSERT INTO setting (key, value) VALUES (?, '1')").run(name);
  const { timers, advance } = createTestTime("2026-03-01T12:00:00.000Z");
  let told = 0;
  const stop = createElsewhere(ours, timers).subscribe(() => {
    told += 1;
  });
  write(ours, "a");
  advance(5_000);
  expect(told).toBe(0);
  write(theirs, "b");
  write(theirs, "c");
  advance(5_000);
  expect(told).toBe(1);
  stop();
  write(theirs, "d");
  advance(5_000);
  expect(told).toBe(1);
});
