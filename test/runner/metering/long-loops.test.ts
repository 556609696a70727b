import { expect, it } from "vitest";
import { instrumentModule } from "../../../core/runner/metering/index.ts";
import { call, compileWat, LIMITS, meter, outcome } from "./wat.ts";

/** For the tests, every loop is one. */
const LONG = { longLoop: 0 };
/** Fuel that a function with such a loop takes at once. */
const ADVANCE = 63;

const COUNT_DOWN = `(func $f (export "run") (param i32)
  (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))`;

it.each([1, 62, 63, 64, 65, 1_000])(
  "%i turns of a long loop cost what those of a short one do",
  async (turns) => {
    const bytes = await compileWat(`(module ${COUNT_DOWN})`);
    const [long, short] = [meter(bytes, LONG), meter(bytes)];
    call(long.exports, "run", turns);
    call(short.exports, "run", turns);
    expect(long.counters.fuel.value).toBe(short.counters.fuel.value);
    expect(long.counters.fuel.value).toBe(1_000_000n - 1n - BigInt(turns));
  },
);

it("a loop of the length of an interpreter's is a long one", async () => {
  const long = "nop ".repeat(4_096);
  const wat = `(module (func (export "run") (loop ${long} (br_if 1 (i32.const 1)) (br 0)) unreachable))`;
  const { exports, counters } = meter(await compileWat(wat));
  call(exports, "run");
  expect(counters.fuel.value).toBe(999_998n);
  const trapping = meter(await compileWat(wat.replace("(br_if 1 (i32.const 1)) (br 0)", "unreachable")));
  outcome(trapping.exports, "run");
  expect(trapping.counters.fuel.value).toBe(999_999n - BigInt(ADVANCE)); // what was taken in advance is lost
});

it.each([
  ["an endless loop", `(func (export "run") (loop (br 0)))`],
  [
    "recursion through a loop",
    `(func $f (export "run") (loop (call $g) (br 0))) (func $g (loop) (return_call $f))`,
  ],
  ["tail calls out of a loop", `(func $f (export "run") (loop (return_call $f)))`],
])("%s is stopped, less than one advance below zero", async (_, fields) => {
  const { exports, counters } = meter(await compileWat(`(module ${fields})`), { ...LONG, fuel: 1_000 });
  expect(outcome(exports, "run")).toEqual({ threw: "RuntimeError: unreachable" });
  expect(counters.fuel.value).toBeLessThan(0n);
  expect(counters.fuel.value).toBeGreaterThanOrEqual(BigInt(-ADVANCE));
});

it("a guest gains nothing by leaving a loop with an exception that it catches", async () => {
  const bytes = await compileWat(`(module (tag $e) (global $n (mut i32) (i32.const 0))
    (func $f (local i32) (loop (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 50)))) (throw $e))
    (func (export "run") (loop (block $c (try_table (catch $e $c) (call $f)))
      (global.set $n (i32.add (global.get $n) (i32.const 1))) (br_if 0 (i32.lt_u (global.get $n) (i32.const 100))))))`);
  const [long, short] = [meter(bytes, LONG), meter(bytes)];
  call(long.exports, "run");
  call(short.exports, "run");
  expect(long.counters.fuel.value).toBeLessThanOrEqual(short.counters.fuel.value);
  expect(long.counters.fuel.value).toBeGreaterThanOrEqual(short.counters.fuel.value - 100n * BigInt(ADVANCE));
});

it("a function that has no room for one more local, or several results, does without", async () => {
  const bytes = await compileWat(`(module (func (local ${"i32 ".repeat(50_000)}) (loop))
    (func (export "run") (result i32 i64) (loop) (return (i32.const 1) (i64.const 2))))`);
  expect(WebAssembly.validate(instrumentModule(bytes, LIMITS, LONG.longLoop).bytes)).toBe(true);
  expect(call(meter(bytes, LONG).exports, "run")).toEqual([1, 2n]);
});
