import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { instrumentModule, MeteringError } from "../../../core/runner/metering/index.ts";
import { CORPUS, LEGACY_EXCEPTIONS } from "./corpus.ts";
import { program } from "./programs.ts";
import { compileWat, counters, LIMITS, meter, outcome } from "./wat.ts";

const PLENTY = 10_000_000;

/** Everything that a caller can see: the answers, the exported globals, the memory. */
function observe(exports: Record<string, WebAssembly.ExportValue>, a: number, b: number): unknown {
  const answers = ["f0", "f1", "f2", "f3", "f0"].map((name) => outcome(exports, name, a, b));
  const { memory, g0, g1, g2 } = exports;
  if (!(memory instanceof WebAssembly.Memory)) throw new Error("no memory");
  const globals = [g0, g1, g2].map((global) =>
    global instanceof WebAssembly.Global ? global.value : undefined,
  );
  return { answers, globals, memory: createHash("sha1").update(new Uint8Array(memory.buffer)).digest("hex") };
}

it("generated programs give the same results metered and plain, and use the same fuel each time", async () => {
  await fc.assert(
    fc.asyncProperty(program, fc.integer(), fc.integer(), async ({ wat }, a, b) => {
      const bytes = await compileWat(wat);
      expect(WebAssembly.validate(bytes)).toBe(true);
      const plain = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
      const first = meter(bytes, { fuel: PLENTY });
      const second = meter(bytes, { fuel: PLENTY });
      expect(WebAssembly.validate(first.module.bytes)).toBe(true);
      const expected = observe(plain, a, b);
      expect(observe(first.exports, a, b)).toEqual(expected);
      observe(second.exports, a, b);
      expect(second.counters.fuel.value).toBe(first.counters.fuel.value);
      expect(first.counters.fuel.value).toBeGreaterThan(0n);
    }),
    { numRuns: 100 },
  );
});

it("a program stops exactly when its fuel is used up, and never goes below zero by more than one charge", async () => {
  await fc.assert(
    fc.asyncProperty(program, fc.integer(), fc.integer(), fc.nat(200), async ({ wat }, a, b, fuel) => {
      const bytes = await compileWat(wat);
      const full = meter(bytes, { fuel: PLENTY });
      const answer = outcome(full.exports, "f0", a, b);
      const needed = PLENTY - Number(full.counters.fuel.value);
      const limited = meter(bytes, { fuel });
      const limitedAnswer = outcome(limited.exports, "f0", a, b);
      if (needed <= fuel) {
        expect(limitedAnswer).toEqual(answer);
        expect(Number(limited.counters.fuel.value)).toBe(fuel - needed);
      } else {
        expect(limitedAnswer).toEqual({ threw: "RuntimeError: unreachable" });
        expect(limited.counters.fuel.value).toBeLessThan(0n);
        // The dearest single charge of these programs: a bulk instruction of 4 095 bytes.
        expect(limited.counters.fuel.value).toBeGreaterThanOrEqual(-256n);
      }
    }),
    { numRuns: 100 },
  );
});

it("a damaged module is refused with a typed error, or was valid to begin with", async () => {
  const samples = [LEGACY_EXCEPTIONS, ...(await Promise.all(CORPUS.map(([, wat]) => compileWat(wat))))];
  const damage = fc.array(
    fc.record({
      at: fc.nat(),
      byte: fc.integer({ min: 0, max: 255 }),
      kind: fc.constantFrom("set", "insert", "remove", "cut"),
    }),
    { minLength: 1, maxLength: 4 },
  );
  let survived = 0;
  fc.assert(
    fc.property(fc.constantFrom(...samples), damage, (sample, changes) => {
      let bytes = [...sample];
      for (const { at, byte, kind } of changes) {
        const place = at % Math.max(1, bytes.length);
        if (kind === "set") bytes[place] = byte;
        if (kind === "insert") bytes.splice(place, 0, byte);
        if (kind === "remove") bytes.splice(place, 1);
        if (kind === "cut" && at % 7 === 0) bytes = bytes.slice(0, place);
      }
      const damaged = Uint8Array.from(bytes);
      try {
        const { bytes: output } = instrumentModule(damaged, LIMITS);
        expect(WebAssembly.validate(damaged)).toBe(true);
        expect(WebAssembly.validate(output)).toBe(true);
        survived++;
      } catch (error) {
        if (!(error instanceof MeteringError)) throw error;
      }
    }),
    { numRuns: 6_000 },
  );
  expect(survived).toBeGreaterThan(100); // else the damage is so heavy that nothing past the first gate is tested
});

it("random bytes are refused", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(() => instrumentModule(bytes, LIMITS)).toThrow(MeteringError);
    }),
  );
});

it("ten thousand functions, and a body of many locals and labels, are metered", async () => {
  const many = Array.from({ length: 10_000 }, (_, i) => `(func $f${i} (result i32) (i32.const ${i}))`).join(
    "",
  );
  const deep = `${"(block ".repeat(2_000)}(br 1999)${")".repeat(2_000)}`;
  const bytes = await compileWat(
    `(module ${many} (func (export "run") (result i32) (local ${"i64 ".repeat(40_000)}) ${deep} (call $f9999)))`,
  );
  const { exports, counters: used } = meter(bytes, { shared: counters(100) });
  expect(outcome(exports, "run")).toEqual({ returned: 9_999 });
  expect(used.fuel.value).toBe(98n);
});
