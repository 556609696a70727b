import { join } from "node:path";
import { expect, test } from "vitest";
import type { ExecutionRecording } from "../../core/contract/execution-recording.ts";
import { createRecordingStore } from "../../core/recording/index.ts";
import { openDatabase } from "../../core/store/index.ts";
import { tempFolder } from "../support/temp.ts";

const START = Date.parse("2026-03-01T00:00:00.000Z");
const RECORDING = { request: {}, journal: { calls: [], dropped: 0 } } as unknown as ExecutionRecording; // never read back

/** So many recordings, one a second, each two of them at the same moment. */
function open(count: number) {
  const database = openDatabase(join(tempFolder(), "workbench.sqlite"));
  let now = new Date(START);
  const note = () => {};
  const errors: string[] = [];
  const store = createRecordingStore({
    database,
    clock: { now: () => now },
    logger: { debug: note, info: note, warn: note, error: (_, message) => void errors.push(message) },
  });
  for (let each = 0; each < count; each += 1) {
    now = new Date(START + Math.floor(each / 2) * 1_000);
    store.add(`execution-${each}`, () => RECORDING);
  }
  const ids = () =>
    database
      .prepare<[], string>("SELECT execution_id FROM extension_host_call ORDER BY started_at, rowid")
      .pluck()
      .all();
  return { store, ids, errors };
}

test("a large prune goes slice by slice, oldest first, and keeps exactly the newest", () => {
  const { store, ids } = open(1_001);
  const slices: number[] = [];
  for (const removed of store.prune({ before: new Date(0), maxRows: 300 })) slices.push(removed);
  expect(slices.reduce((sum, removed) => sum + removed, 0)).toBe(701);
  expect(Math.max(...slices)).toBe(100);
  expect(ids()).toEqual(Array.from({ length: 300 }, (_, index) => `execution-${701 + index}`));
});

test("what began before a day goes, also what was not written yet, and what is within both bounds stays", () => {
  const { store, ids } = open(10);
  for (const _ of store.prune({ before: new Date(START + 2_000), maxRows: 100 }));
  expect(ids()).toEqual(Array.from({ length: 6 }, (_, index) => `execution-${4 + index}`));
  for (const _ of store.prune({ before: new Date(0), maxRows: 6 }));
  expect(ids()).toHaveLength(6);
  for (const _ of store.prune({ before: new Date(0), maxRows: 0 }));
  expect(ids()).toEqual([]);
});

test("one that cannot be made costs its own journal and no other", () => {
  const { store, ids, errors } = open(1);
  store.add("broken", () => {
    throw new Error("no");
  });
  store.add("after", () => RECORDING);
  expect(store.get("after")).toBe(RECORDING);
  store.flush();
  expect([ids(), errors]).toEqual([["execution-0", "after"], ["a host-call journal could not be kept"]]);
});
