import { expect, it } from "vitest";
import { createFuelClock, createMeter } from "../../../core/runner/component/index.ts";
import { createWasi } from "../../../core/runner/guest/wasi/index.ts";

const LIMITS = { fuel: 1_000, maxMemoryPages: 1, maxTableElements: 1 };

it("the guest's clock stands still while it uses no fuel, and moves by what it uses", () => {
  const meter = createMeter(LIMITS);
  const clock = createFuelClock(meter);
  expect([clock.now(), clock.now()]).toEqual([0n, 0n]);
  const { fuel } = meter.globals;
  if (fuel === undefined) throw new Error("no fuel counter");
  fuel.value = 400n;
  expect(clock.now()).toBe(600n);
  fuel.value = 450n; // some was given back
  expect(clock.now()).toBe(600n);
});

it("a guest that waits for its clock wakes up, exactly at the instant it asked for", () => {
  const clock = { ...createFuelClock(createMeter(LIMITS)), wall: () => 0 };
  const wasi = createWasi({ write: () => undefined, clock });
  const { subscribeDuration } = wasi["wasi:clocks/monotonic-clock"] ?? {};
  if (typeof subscribeDuration !== "function") throw new Error("no clock");
  const pollable = subscribeDuration(2_000_000n);
  expect(pollable.ready()).toBe(false);
  pollable.block();
  expect(pollable.ready()).toBe(true);
  expect(clock.now()).toBe(2_000_000n);
});

it("the longest wait is a wait, from whatever instant", () => {
  let reads = 0;
  // One nanosecond after the start, until the wait has begun.
  const clock = { now: () => (reads++ < 2 ? 1n : 2n ** 64n), wall: () => 0 };
  const { subscribeDuration } =
    createWasi({ write: () => undefined, clock })["wasi:clocks/monotonic-clock"] ?? {};
  if (typeof subscribeDuration !== "function") throw new Error("no clock");
  const pollable = subscribeDuration(2n ** 64n - 1n);
  pollable.block();
  expect(pollable.ready()).toBe(true);
});
