import fc from "fast-check";
import { expect, it } from "vitest";
import { instrumentModule, MeteringError } from "../../../core/runner/metering/index.ts";
import { CORPUS, LEGACY_EXCEPTIONS } from "./corpus.ts";
import { DIALECTS } from "./dialects.ts";
import { MAX_BULK_BYTES, program } from "./programs.ts";
import { type MeteredRun, meteredRun, plainRun, type Seen } from "./runs.ts";
import { compileWat, counters, LIMITS, meter, outcome } from "./wat.ts";

const PLENTY = 100_000_000;
/** Of the programs: a bulk instruction of `MAX_BULK_BYTES`. */
const DEAREST_CHARGE = Math.ceil(MAX_BULK_BYTES / 16);
const RUNS = 40;

/** So that a run of the suite can be repeated; on a failure fast-check prints it, and the smallest program. */
const SEED = 20_260_101;

const EVERY_LOOP = 0;
const failed = (answer: unknown) => typeof answer !== "object" || answer === null || !("returned" in answer);

/** Most of the fuel that a program needs, or a little more. */
const share = fc.double({ min: 0, max: 1.1, noNaN: true });

it.each(DIALECTS)(
  "programs of $name: the same results metered and plain, the same fuel each time, and an end when it is used up",
  async (dialect) => {
    let stopped = 0;
    const property = fc.asyncProperty(
      program(dialect),
      fc.integer(),
      fc.integer(),
      share,
      async (...given) => {
        const [{ wat }, a, b, part] = given;
        const bytes = await compileWat(wat);
        const plain = plainRun(bytes, a, b);
        const full = meteredRun(bytes, PLENTY, a, b);
        expect(full.seen).toEqual(plain);
        expect(full.counted).toEqual(full.held);
        expect(meteredRun(bytes, PLENTY, a, b).fuelLeft).toBe(full.fuelLeft);

        const needed = PLENTY - full.fuelLeft;
        const fuel = Math.floor(needed * part);
        drawsOnAdvances(bytes, { plain, full, fuel, a, b });

        const limited = meteredRun(bytes, fuel, a, b);
        expect(limited.counted).toEqual(limited.held);
        if (fuel >= needed) {
          expect(limited).toEqual({ ...full, fuelLeft: fuel - needed });
          return;
        }
        stopped++;
        expect(limited.seen.answers.at(-1)).toEqual({ threw: "RuntimeError: unreachable" });
        expect(limited.seen.answers.slice(0, -1)).toEqual(
          plain.answers.slice(0, limited.seen.answers.length - 1),
        );
        expect(limited.fuelLeft).toBeLessThan(0);
        expect(limited.fuelLeft).toBeGreaterThanOrEqual(-DEAREST_CHARGE);
      },
    );
    await fc.assert(property, { numRuns: RUNS, seed: SEED });
    expect(stopped).toBeGreaterThan(RUNS / 4); // else the limited runs have tested nothing
  },
);

/** What is left of an advance is lost with a call that fails, and an advance may use up the fuel before its time. */
function drawsOnAdvances(
  bytes: Uint8Array,
  { plain, full, fuel, a, b }: { plain: Seen; full: MeteredRun; fuel: number; a: number; b: number },
): void {
  const advanced = meteredRun(bytes, PLENTY, a, b, EVERY_LOOP);
  expect(advanced).toEqual({ ...full, fuelLeft: advanced.fuelLeft });
  expect(advanced.fuelLeft).toBeLessThanOrEqual(full.fuelLeft);
  if (!plain.answers.some(failed)) expect(advanced.fuelLeft).toBe(full.fuelLeft);

  const limited = meteredRun(bytes, fuel, a, b, EVERY_LOOP);
  expect(limited.counted).toEqual(limited.held);
  if (limited.fuelLeft >= 0) {
    expect(limited).toEqual({ ...advanced, fuelLeft: fuel - (PLENTY - advanced.fuelLeft) });
    return;
  }
  expect(limited.seen.answers.at(-1)).toEqual({ threw: "RuntimeError: unreachable" });
  expect(limited.seen.answers.slice(0, -1)).toEqual(plain.answers.slice(0, limited.seen.answers.length - 1));
  expect(limited.fuelLeft).toBeGreaterThanOrEqual(-DEAREST_CHARGE);
}

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
    { numRuns: 6_000, seed: SEED },
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
  expect(used.fuel.value).toBe(99n); // the callee is short, so its caller pays
});
