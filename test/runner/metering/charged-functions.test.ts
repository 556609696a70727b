import { describe, expect, it } from "vitest";
import { call, compileWat, meter, outcome } from "./wat.ts";

const TRAP = { threw: "RuntimeError: unreachable" };
const FUEL = 100_000;

async function spent(wat: string): Promise<bigint> {
  const { exports, counters } = meter(await compileWat(wat), { fuel: FUEL });
  call(exports, "run");
  return BigInt(FUEL) - counters.fuel.value;
}

async function isStopped(wat: string): Promise<void> {
  const { exports, counters } = meter(await compileWat(wat), { fuel: FUEL });
  expect(outcome(exports, "run")).toEqual(TRAP);
  expect(counters.fuel.value).toBeLessThan(0n);
}

describe("entering a function", () => {
  it("is paid for by the caller when the function is short and called directly, through however many of its kind", async () => {
    expect(
      await spent(`(module (func $c) (func $b (call $c)) (func $a (call $b) (call $c))
        (func (export "run") (call $a) (call $b)))`),
    ).toBe(1n);
  });

  it.each([
    ["is exported", `(func $f (export "f"))`],
    ["stands in a table", `(table funcref (elem $f)) (func $f)`],
    ["stands in a table by an expression", `(table funcref (elem (ref.func $f))) (func $f)`],
    ["is the first value of a global", `(global funcref (ref.func $f)) (func $f)`],
    [
      "is referred to by code",
      `(elem declare func $f) (func $f) (func $g (drop (ref.func $f))) (export "g" (func $g))`,
    ],
    ["is long", `(func $f ${"(drop (i32.const 1))".repeat(600)})`],
  ])("is charged when the function %s", async (_, fields) => {
    expect(await spent(`(module ${fields} (func (export "run") (call $f)))`)).toBe(2n);
  });

  it("is charged when the function starts the module", async () => {
    expect(await spent(`(module (func $f) (start $f) (func (export "run") (call $f)))`)).toBe(3n);
  });

  it("is charged once in each circle of direct calls", async () => {
    expect(
      await spent(`(module (global $n (mut i32) (i32.const 10))
        (func $a (if (global.get $n) (then (call $b))))
        (func $b (global.set $n (i32.sub (global.get $n) (i32.const 1))) (call $a))
        (func (export "run") (call $a)))`),
    ).toBe(12n);
  });
});

describe("what would run for ever without a charge", () => {
  it.each([
    ["a function that calls itself", `(func $f (return_call $f)) (func (export "run") (call $f))`],
    [
      "functions that call each other",
      `(func $a (return_call $b)) (func $b (return_call $c)) (func $c (return_call $a)) (func (export "run") (call $b))`,
    ],
    [
      "two circles through one function",
      `(func $a (param i32) (if (local.get 0) (then (return_call $b))) (return_call $c)) (func $b (return_call $a (i32.const 0)))
       (func $c (return_call $a (i32.const 1))) (func (export "run") (call $c))`,
    ],
    [
      "a circle through a table",
      `(type $t (func)) (table funcref (elem $a)) (func $a (return_call $b)) (func $b (return_call_indirect (type $t) (i32.const 0)))
       (func (export "run") (call $b))`,
    ],
    [
      "a loop of calls that are not charged",
      `(func $f (drop (i32.const 1))) (func (export "run") (loop (call $f) (br 0)))`,
    ],
    [
      "calls that double with each function: a thousand million in all",
      `${Array.from({ length: 30 }, (_, i) => `(func $f${i} (call $f${i + 1}) (call $f${i + 1}))`).join("")}
       (func $f30) (func (export "run") (call $f0))`,
    ],
  ])("%s", async (_, fields) => {
    await isStopped(`(module ${fields})`);
  });
});

it("the functions that a charge pays for are counted where they are called, by their length", async () => {
  const short = `(func $short ${"(drop (i32.const 1))".repeat(500)})`; // 1 001 instructions
  const calls = "(call $short)".repeat(1_000);
  expect(await spent(`(module ${short} (func (export "run") ${calls}))`)).toBe(4n); // 1 001 000 / 262 144
});
