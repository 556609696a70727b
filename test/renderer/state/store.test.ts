import { describe, expect, it } from "vitest";
import { createStore } from "../../../renderer/state/store.ts";

describe("a store", () => {
  it("tells every listener of a new value and none of the same one", () => {
    const store = createStore(1);
    const told: string[] = [];
    store.subscribe(() => told.push(`a${store.get()}`));
    store.subscribe(() => told.push(`b${store.get()}`));
    store.set(2);
    store.set(2);
    expect(told).toEqual(["a2", "b2"]);
  });

  it("tells nobody who has unsubscribed, even while others are being told", () => {
    const store = createStore(0);
    const told: string[] = [];
    const stopFirst = store.subscribe(() => {
      told.push("first");
      stopFirst();
    });
    store.subscribe(() => told.push("second"));
    store.set(1);
    store.set(2);
    expect(told).toEqual(["first", "second", "second"]);
  });

  it("counts a function that subscribed twice as two subscriptions", () => {
    const store = createStore(0);
    let calls = 0;
    const listener = (): void => {
      calls += 1;
    };
    const stop = store.subscribe(listener);
    store.subscribe(listener);
    stop();
    stop();
    store.set(1);
    expect(calls).toBe(1);
  });
});
