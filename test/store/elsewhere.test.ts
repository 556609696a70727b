import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { createRevision, openDatabase } from "../../core/store/index.ts";
import { createElsewhere } from "../../core/wiring/elsewhere.ts";
import { tempFolder } from "../support/temp.ts";
import { createTestTime } from "../support/timers.ts";

it("tells what another process has committed and what this one has counted, and looks only while anybody listens", async () => {
  const file = join(tempFolder(), "home.sqlite");
  const [ours, theirs] = [openDatabase(file), openDatabase(file)];
  onTestFinished(() => {
    for (const database of [ours, theirs]) database.close();
  });
  const write = (database: typeof ours, name: string) =>
    database.prepare("INSERT INTO setting (key, value) VALUES (?, '1')").run(name);
  const { timers, advance } = createTestTime("2026-03-01T12:00:00.000Z");
  /** What others write during a turn of the event loop is noticed in the next. */
  const laterBy = async (ms: number): Promise<void> => {
    await setImmediate();
    advance(ms);
  };
  let told = 0;
  const revision = createRevision(ours);
  const counted = revision.prepareWrite("INSERT INTO setting (key, value) VALUES (?, '1')");
  const stop = createElsewhere(revision.current, timers).subscribe(() => {
    told += 1;
  });
  write(ours, "a");
  await laterBy(5_000);
  expect(told).toBe(0);
  write(theirs, "b");
  write(theirs, "c");
  await laterBy(5_000);
  expect(told).toBe(1);
  counted.run("counted");
  await laterBy(5_000);
  expect(told).toBe(2);
  stop();
  write(theirs, "d");
  await laterBy(5_000);
  expect(told).toBe(2);
});
