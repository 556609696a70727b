import { describe, expect, it } from "vitest";
import { type ExecutionFilter, executionRecordSchema } from "../../../core/contract/execution-record.ts";
import { createExecutionList, PAGE_ROWS } from "../../../renderer/state/executions/execution-list.ts";
import { createManualTimers } from "../timers.ts";

const recordOf = (number: number) =>
  executionRecordSchema.parse({
    id: `execution-${number}`,
    request_id: `request-${number}`,
    tenant_id: "tenant-1",
    extension_id: "registry-1",
    extension_name: "com.acme.tickets",
    version_id: "version-1",
    install_id: "install-1",
    content_hash: "",
    method: "GET",
    path: "/items",
    outcome: "succeeded",
    started_at: new Date(number * 1_000).toISOString(),
    trace: [],
  });

/** A host with so many executions, numbered from 1; pages as the execution log gives them. */
function hostWith(count: number) {
  const host = { count, asked: [] as ExecutionFilter[], isUp: true };
  const list = async (filter: ExecutionFilter) => {
    host.asked.push(filter);
    if (!host.isUp) throw new Error("gone");
    const from = filter.cursor === undefined ? host.count : Number(filter.cursor);
    const rows = Math.min(from, filter.limit ?? 50);
    const items = Array.from({ length: rows }, (_, index) => recordOf(from - index));
    return { items, ...(from > rows ? { next: String(from - rows) } : {}) };
  };
  const timers = createManualTimers();
  return { host, timers, list: createExecutionList(list, timers) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const numbers = (items: readonly { id: string }[]) => items.map(({ id }) => Number(id.slice(10)));

describe("the list of executions", () => {
  it("pages to the end without missing or repeating one", async () => {
    const { list } = hostWith(250);
    list.start();
    await settled();
    await Promise.all([list.more(), list.more()]);
    await list.more();
    await list.more();
    expect(numbers(list.get().items)).toEqual(Array.from({ length: 250 }, (_, index) => 250 - index));
    expect(list.get().next).toBeUndefined();
  });

  it("puts new ones on top while live and keeps the pages behind them", async () => {
    const { host, list, timers } = hostWith(250);
    list.start();
    await settled();
    await list.more();
    host.count += 3;
    timers.elapse();
    await settled();
    expect(numbers(list.get().items)).toEqual(Array.from({ length: 203 }, (_, index) => 253 - index));
  });

  it("lets old pages go when so many came that rows would be missing between", async () => {
    const { host, list } = hostWith(150);
    await list.refresh();
    await list.more();
    host.count += PAGE_ROWS + 50;
    await list.refresh();
    expect(list.get().items).toHaveLength(PAGE_ROWS);
    expect(list.get().next).toBeDefined();
  });

  it("asks no more when it is not live or nobody looks", async () => {
    const { list, timers } = hostWith(1);
    const stop = list.start();
    await settled();
    expect(timers.waiting).toHaveLength(1);
    list.setLive(false);
    expect(timers.waiting).toHaveLength(0);
    list.setLive(true);
    await settled();
    stop();
    expect(timers.waiting).toHaveLength(0);
  });

  it("shows with another filter nothing of the one before", async () => {
    const { host, list } = hostWith(5);
    await list.refresh();
    list.setFilter({ outcome: "refused" });
    expect(list.get().items).toEqual([]);
    await settled();
    expect(host.asked.at(-1)).toMatchObject({ outcome: "refused" });
  });

  it("keeps what was loaded when the host is gone, and says why there is no more", async () => {
    const { host, list } = hostWith(5);
    await list.refresh();
    host.isUp = false;
    await list.refresh();
    expect(list.get().items).toHaveLength(5);
    expect(list.get().failure?.message).toBe("gone");
  });

  it("searches on by itself until a page is full, says how far it came, and keeps that while it stays live", async () => {
    const asked: (string | undefined)[] = [];
    const timers = createManualTimers();
    const far = 100;
    // One match in every fifth step of the search.
    const list = createExecutionList(async ({ cursor }) => {
      asked.push(cursor);
      const step = Number(cursor ?? 0);
      return {
        items: step % 5 === 4 ? [recordOf(far - step)] : [],
        next: String(step + 1),
        searched_to: new Date((far - step) * 1_000).toISOString(),
      };
    }, timers);
    list.start();
    await settled();
    expect(asked).toHaveLength(20);
    expect(numbers(list.get().items)).toEqual([96, 91, 86, 81]);
    expect(list.get().searchedTo).toBe(new Date(81_000).toISOString());
    timers.elapse();
    await settled();
    expect(asked).toHaveLength(21);
    expect(numbers(list.get().items)).toEqual([96, 91, 86, 81]);
    await list.more();
    expect(asked[21]).toBe("20");
    expect(numbers(list.get().items)).toEqual([96, 91, 86, 81, 76, 71, 66, 61]);
  });
});
