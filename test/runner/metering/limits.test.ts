import { describe, expect, it } from "vitest";
import { instrumentModule, METERING_IMPORT_MODULE } from "../../../core/runner/metering/index.ts";
import { call, compileWat, counters, LIMITS, meter, outcome } from "./wat.ts";

const TRAP = { threw: "RuntimeError: unreachable" };

describe("fuel", () => {
  it("stops an endless loop, and stays below zero as the sign of it", async () => {
    const { exports, counters } = meter(await compileWat(`(module (func (export "run") (loop (br 0))))`), {
      fuel: 1_000,
    });
    expect(outcome(exports, "run")).toEqual(TRAP);
    expect(counters.fuel.value).toBe(-1n);
    expect(outcome(exports, "run")).toEqual(TRAP);
  });

  it("stops endless recursion through calls, indirect calls and tail calls", async () => {
    const { exports, counters } = meter(
      await compileWat(`(module (type $t (func)) (table funcref (elem $b))
        (func $a (export "run") (return_call $b)) (func $b (return_call_indirect (type $t) (i32.const 0))))`),
      { fuel: 100_000 },
    );
    expect(outcome(exports, "run")).toEqual(TRAP);
    expect(counters.fuel.value).toBe(-1n);
  });

  it("is left alone by a trap of the guest's own", async () => {
    const { exports, counters } = meter(await compileWat(`(module (func (export "run") unreachable))`));
    expect(outcome(exports, "run")).toEqual(TRAP);
    expect(counters.fuel.value).toBe(999_999n);
  });

  it("cannot be caught by the guest as an exception", async () => {
    const { exports, counters } = meter(
      await compileWat(`(module (func $burn (loop (br 0)))
        (func (export "run") (result i32) (block $any (try_table (catch_all $any) (call $burn))) (i32.const 1)))`),
      { fuel: 500 },
    );
    expect(outcome(exports, "run")).toEqual(TRAP);
    expect(counters.fuel.value).toBeLessThan(0n);
  });

  it("is spent by start functions", async () => {
    const bytes = await compileWat(`(module (func $s (loop (br 0))) (start $s))`);
    const shared = counters(10_000);
    expect(() => meter(bytes, { shared })).toThrow(WebAssembly.RuntimeError);
    expect(shared.fuel.value).toBe(-1n);
  });

  it("is shared by modules that are given the same counters", async () => {
    const shared = counters(1_000);
    const library = meter(await compileWat(`(module (func (export "f")))`), { shared });
    const main = meter(
      await compileWat(`(module (import "lib" "f" (func $f)) (func (export "run") (call $f) (call $f)))`),
      { shared, imports: { lib: library.exports } },
    );
    call(main.exports, "run");
    expect(shared.fuel.value).toBe(997n);
  });

  it("pays for bulk memory by its length", async () => {
    const { exports, counters } = meter(
      await compileWat(
        `(module (memory 16) (func (export "run") (param i32) (memory.fill (i32.const 0) (i32.const 1) (local.get 0))))`,
      ),
    );
    call(exports, "run", 0);
    expect(counters.fuel.value).toBe(999_999n);
    call(exports, "run", 1_000_000);
    expect(counters.fuel.value).toBe(999_998n - 62_500n);
  });

  it("is used up by one bulk instruction that costs more than is left", async () => {
    const { exports, counters } = meter(
      await compileWat(
        `(module (memory 16) (func (export "run") (memory.fill (i32.const 0) (i32.const 1) (i32.const 1000000))))`,
      ),
      { fuel: 1_000 },
    );
    expect(outcome(exports, "run")).toEqual(TRAP);
    expect(counters.fuel.value).toBeLessThan(0n);
  });

  it("does not wrap around on absurd 64-bit lengths", async () => {
    const { exports, counters } = meter(
      await compileWat(`(module (memory i64 1) (table i64 1 funcref)
        (func (export "fill") (memory.fill (i64.const 0) (i32.const 1) (i64.const -1)))
        (func (export "table") (table.fill (i64.const 0) (ref.null func) (i64.const -1))))`),
    );
    for (let attempt = 0; attempt < 3; attempt++) {
      expect(outcome(exports, "fill")).toEqual(TRAP);
      expect(outcome(exports, "table")).toEqual(TRAP);
      expect(counters.fuel.value).toBeLessThan(0n);
    }
  });

  it("counts long straight code, in proportion to its length", async () => {
    const long = "(drop (i32.const 1))".repeat(100_000);
    const { exports, counters } = meter(await compileWat(`(module (func (export "run") ${long}))`));
    call(exports, "run");
    expect(1_000_000n - counters.fuel.value).toBe(13n); // 1 for the entry, and 200 001 instructions / 16 384
  });
});

describe("memory", () => {
  it("grows up to the limit, and the refusal beyond it is counted", async () => {
    const { exports, counters, module } = meter(
      await compileWat(
        `(module (memory 4) (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))`,
      ),
    );
    expect(module.memories).toMatchObject([{ initialPages: 4, maximumPages: 64, index64: false }]);
    expect(call(exports, "grow", 60)).toBe(4);
    expect(counters.refused.value).toBe(0);
    expect(call(exports, "grow", 1)).toBe(-1);
    expect(call(exports, "grow", -1)).toBe(-1);
    expect(counters.refused.value).toBe(2);
    expect(counters.pages.value).toBe(0n);
  });

  it("keeps a smaller maximum of the module's own", async () => {
    const { exports, module } = meter(
      await compileWat(
        `(module (memory 1 2) (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))`,
      ),
    );
    expect(module.memories[0]?.maximumPages).toBe(2);
    expect(call(exports, "grow", 2)).toBe(-1);
    expect(call(exports, "grow", 1)).toBe(1);
  });

  it("is limited over all memories together", async () => {
    const { exports, counters } = meter(
      await compileWat(`(module (memory $a 10) (memory $b i64 10)
        (func (export "a") (param i32) (result i32) (memory.grow $a (local.get 0)))
        (func (export "b") (param i64) (result i64) (memory.grow $b (local.get 0))))`),
    );
    expect(call(exports, "a", 30)).toBe(10);
    expect(call(exports, "b", 20n)).toBe(-1n);
    expect(call(exports, "b", -1n)).toBe(-1n);
    expect(call(exports, "b", 14n)).toBe(10n);
    expect(call(exports, "a", 1)).toBe(-1);
    expect(counters.pages.value).toBe(0n);
  });

  it.each([
    ["one memory", "(memory 65)"],
    ["several memories", "(memory 40) (memory 40)"],
    ["an imported memory", `(import "m" "m" (memory 65))`],
  ])("is refused when %s starts above the limit", async (_, wat) => {
    const bytes = await compileWat(`(module ${wat})`);
    expect(() => instrumentModule(bytes, LIMITS)).toThrow(
      expect.objectContaining({ code: "memory_too_large" }),
    );
  });

  it.each([`(memory 1 2 shared)`, `(import "m" "m" (memory 1 2 shared))`])(
    "is refused when shared: %s",
    async (wat) => {
      const bytes = await compileWat(`(module ${wat})`);
      expect(() => instrumentModule(bytes, LIMITS)).toThrow(
        expect.objectContaining({ code: "unsupported_feature" }),
      );
    },
  );
});

describe("tables", () => {
  it("grow up to the limit over all of them, and the refusal is counted", async () => {
    const { exports, counters } = meter(
      await compileWat(`(module (table $a 100 funcref) (table $b i64 100 externref)
        (func (export "a") (param i32) (result i32) (table.grow $a (ref.null func) (local.get 0)))
        (func (export "b") (param i64) (result i64) (table.grow $b (ref.null extern) (local.get 0))))`),
      { fuel: 10_000_000 },
    );
    expect(call(exports, "a", 500)).toBe(100);
    expect(call(exports, "b", 301n)).toBe(-1n);
    expect(call(exports, "a", -1)).toBe(-1);
    expect(call(exports, "b", 300n)).toBe(100n);
    expect(counters.refused.value).toBe(2);
    expect(counters.elements.value).toBe(0n);
  });

  it("lose nothing of the limit by growths that their own maximum refuses", async () => {
    const { exports, counters } = meter(
      await compileWat(`(module (table $a 1 2 funcref) (table $b 1 900 funcref)
        (func (export "a") (result i32) (table.grow $a (ref.null func) (i32.const 500)))
        (func (export "b") (result i32) (table.grow $b (ref.null func) (i32.const 899))))`),
    );
    for (let attempt = 0; attempt < 3; attempt++) expect(call(exports, "a")).toBe(-1);
    expect(call(exports, "b")).toBe(1);
    expect(counters.refused.value).toBe(3);
    expect(counters.elements.value).toBe(BigInt(LIMITS.maxTableElements - 1 - 900));
  });

  it("are refused when they start above the limit together", async () => {
    const bytes = await compileWat(`(module (table 600 funcref) (table 600 externref))`);
    expect(() => instrumentModule(bytes, LIMITS)).toThrow(
      expect.objectContaining({ code: "table_too_large" }),
    );
  });
});

describe("arrays on the engine's heap", () => {
  const wat = `(module (type $a (array (mut i64))) (type $b (array i8)) (data $d "abc")
    (func (export "new") (param i32) (result i32) (array.len (array.new_default $a (local.get 0))))
    (func (export "filled") (param i32) (result i32) (array.len (array.new $a (i64.const 7) (local.get 0))))
    (func (export "data") (param i32) (result i32) (array.len (array.new_data $b $d (i32.const 0) (local.get 0)))))`;

  it("cost their length, and are refused when one is so large that the engine might end the process over it", async () => {
    const { exports, counters } = meter(await compileWat(wat), { fuel: 10_000_000 });
    expect(call(exports, "new", 500_000)).toBe(500_000);
    expect(counters.fuel.value).toBe(10_000_000n - 500_001n);
    for (const name of ["new", "filled", "data"]) {
      for (const length of [500_001, -1]) expect(outcome(exports, name, length)).toEqual(TRAP);
    }
    expect(counters.refused.value).toBe(6);
    expect(counters.fuel.value).toBeGreaterThan(0n);
    expect(call(exports, "data", 3)).toBe(3);
  });

  it("are not made by a constant expression, where no length can be bounded", async () => {
    const bytes = await compileWat(
      `(module (type $a (array i8)) (global (ref $a) (array.new_default $a (i32.const 5))))`,
    );
    expect(() => instrumentModule(bytes, LIMITS)).toThrow(
      expect.objectContaining({ code: "unsupported_instruction" }),
    );
  });
});

describe("state", () => {
  it("is exported whole under reserved names, so that it can be put back", async () => {
    const { exports, module } = meter(
      await compileWat(`(module (import "h" "g" (global (mut i32))) (import "h" "m" (memory 1))
        (memory 2) (table 3 funcref) (global i32 (i32.const 1)) (global (mut i64) (i64.const 7)) (global (mut f32) (f32.const 1))
        (export "mine" (global 2)))`),
      {
        imports: {
          h: {
            g: new WebAssembly.Global({ value: "i32", mutable: true }, 0),
            m: new WebAssembly.Memory({ initial: 1 }),
          },
        },
      },
    );
    expect(module.memories.map(({ exportName }) => exportName)).toEqual(["workbench:memory:1"]);
    expect(module.tables.map(({ exportName }) => exportName)).toEqual(["workbench:table:0"]);
    expect(exports["workbench:memory:1"]).toBeInstanceOf(WebAssembly.Memory);
    expect(exports["workbench:table:0"]).toBeInstanceOf(WebAssembly.Table);
    const { mine } = exports;
    if (!(mine instanceof WebAssembly.Global) || module.globals === undefined) throw new Error("no globals");
    mine.value = 8n;
    call(exports, module.globals.saveExport);
    mine.value = 9n;
    call(exports, module.globals.restoreExport);
    expect(mine.value).toBe(8n);
  });

  it("that memories and globals do not hold is pointed out", async () => {
    const { module } = meter(
      await compileWat(`(module (memory 1) (table 2 funcref) (data $d "x") (elem $e func) (type $s (struct (field (mut i32))))
        (func (param (ref $s)) (data.drop $d) (elem.drop $e) (table.set (i32.const 0) (ref.null func))
          (struct.set $s 0 (local.get 0) (i32.const 1))))`),
    );
    expect(module.hazards).toEqual({ tableWrites: 1, segmentDrops: 2, heapWrites: 1 });
  });

  it.each([
    `(module (import "${METERING_IMPORT_MODULE}" "fuel" (global (mut i64))))`,
    `(module (memory 1) (export "workbench:memory:0" (memory 0)))`,
  ])("cannot be claimed by a guest: %s", async (wat) => {
    const bytes = await compileWat(wat);
    expect(() => instrumentModule(bytes, LIMITS)).toThrow(expect.objectContaining({ code: "reserved_name" }));
  });
});

it("function names stay, so that a trap says where it happened", async () => {
  const bytes = await compileWat(
    `(module $m (func $culprit unreachable) (func (export "run") (call $culprit)))`,
  );
  const { exports } = meter(bytes);
  try {
    call(exports, "run");
    expect.unreachable();
  } catch (error) {
    expect((error as Error).stack).toContain("culprit");
  }
});
