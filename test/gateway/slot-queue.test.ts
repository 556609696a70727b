import { describe, expect, test } from "vitest";
import { SlotQueue, type SlotRequest, type Wait } from "../../core/gateway/slot-queue.ts";

const never = new AbortController().signal;

function asked(
  install: string,
  caller = "ada",
  limits: Record<string, number> = { [install]: 1 },
): SlotRequest {
  return { install, caller, scopes: Object.entries(limits).map(([key, limit]) => ({ key, limit })) };
}

/** Fills the slot, then queues the calls; names are served in the order of the answer. */
function line(queue: SlotQueue, calls: readonly (readonly [string, SlotRequest])[], capacity = 100) {
  const served: string[] = [];
  const waits = calls.map(async ([name, request]) => {
    const wait = await queue.wait(request, { until: never, capacity, gone: [] });
    if (wait.outcome === "served") served.push(name);
    return wait;
  });
  return { served, waits };
}

async function drain(waits: readonly Promise<Wait>[], first: (() => void) | undefined): Promise<void> {
  first?.();
  await Promise.all(
    waits.map(async (wait) => {
      const result = await wait;
      if (result.outcome === "served") result.release();
    }),
  );
}

describe("the queue for slots", () => {
  test("gives slots while there are some, and a released one to the next in line", async () => {
    const queue = new SlotQueue();
    const first = queue.take(asked("a"));
    expect(first).toBeDefined();
    expect(queue.take(asked("a"))).toBeUndefined();
    const { served, waits } = line(queue, [
      ["one", asked("a")],
      ["two", asked("a")],
    ]);
    expect(queue.waitingOf("a")).toBe(2);
    await drain(waits, first);
    expect(served).toEqual(["one", "two"]);
    expect([queue.running("a"), queue.waitingOf("a")]).toEqual([0, 0]);
  });

  test("takes turns between callers: a burst of one does not hold up another", async () => {
    const queue = new SlotQueue();
    const first = queue.take(asked("a"));
    const { served, waits } = line(queue, [
      ["ada 1", asked("a", "ada")],
      ["ada 2", asked("a", "ada")],
      ["ada 3", asked("a", "ada")],
      ["bob 1", asked("a", "bob")],
    ]);
    await drain(waits, first);
    expect(served).toEqual(["ada 1", "bob 1", "ada 2", "ada 3"]);
  });

  test("takes turns between installs that share a tenant's slots", async () => {
    const queue = new SlotQueue();
    const of = (install: string) => asked(install, "ada", { [install]: 10, tenant: 1 });
    const first = queue.take(of("a"));
    const { served, waits } = line(queue, [
      ["a1", of("a")],
      ["a2", of("a")],
      ["b1", of("b")],
      ["b2", of("b")],
    ]);
    await drain(waits, first);
    expect(served).toEqual(["a1", "b1", "a2", "b2"]);
  });

  test("an install whose own slots are taken does not hold up another one", async () => {
    const queue = new SlotQueue();
    const of = (install: string) => asked(install, "ada", { [install]: 1, tenant: 2 });
    const [a, b] = [queue.take(of("a")), queue.take(of("b"))];
    const { served, waits } = line(queue, [
      ["a again", of("a")],
      ["b again", of("b")],
    ]);
    b?.();
    await waits[1];
    expect(served).toEqual(["b again"]);
    await drain(waits, a);
    expect(served).toEqual(["b again", "a again"]);
  });

  test("is bounded: what comes when it is full is told so at once", async () => {
    const queue = new SlotQueue();
    queue.take(asked("a"));
    line(queue, [["one", asked("a")]], 1);
    await expect(queue.wait(asked("a"), { until: never, capacity: 1, gone: [] })).resolves.toEqual({
      outcome: "full",
    });
    expect(queue.waitingOf("a")).toBe(1);
  });

  test("a wait that is over leaves the line, and the slot goes to who is still there", async () => {
    const queue = new SlotQueue();
    const first = queue.take(asked("a"));
    const over = new AbortController();
    const waiting = queue.wait(asked("a"), { until: over.signal, capacity: 9, gone: [] });
    over.abort();
    // In the same turn: the slot must not be given to the one that has just left.
    first?.();
    expect(await waiting).toEqual({ outcome: "waited_out" });
    expect([queue.running("a"), queue.waitingOf("a")]).toEqual([0, 0]);
  });

  test("a caller that has gone leaves the line with its own reason and holds nothing", async () => {
    const queue = new SlotQueue();
    const first = queue.take(asked("a"));
    const gone = new AbortController();
    const waiting = queue.wait(asked("a"), { until: never, capacity: 9, gone: [gone.signal] });
    gone.abort(new Error("hung up"));
    first?.();
    await expect(waiting).rejects.toThrow("hung up");
    expect(queue.running("a")).toBe(0);
    await expect(queue.wait(asked("a"), { until: never, capacity: 9, gone: [gone.signal] })).rejects.toThrow(
      "hung up",
    );
  });

  test("a slot that is given back twice is one slot", () => {
    const queue = new SlotQueue();
    const release = queue.take(asked("a", "ada", { a: 2 }));
    queue.take(asked("a", "ada", { a: 2 }));
    release?.();
    release?.();
    expect(queue.running("a")).toBe(1);
  });
});
