import fc from "fast-check";
import { expect, it } from "vitest";
import { createMeter } from "../../../core/runner/component/index.ts";
import { instrumentModule, METERING_IMPORT_MODULE } from "../../../core/runner/metering/index.ts";
import { call, compileWat } from "../metering/wat.ts";

const LIMITS = { maxMemoryPages: 40, maxTableElements: 10, fuel: 1_000_000 };
const PAGE_BYTES = 65_536;

/** A core module of a component: one memory of each index type, with a maximum of its own or without. */
interface Module {
  readonly narrow: { readonly initial: number; readonly maximum: number | undefined };
  readonly wide: { readonly initial: number; readonly maximum: number | undefined };
}

const size = fc.record({
  initial: fc.nat(4),
  maximum: fc.option(fc.integer({ min: 4, max: 60 }), { nil: undefined }),
});
const component = fc.array(fc.record({ narrow: size, wide: size }), { minLength: 1, maxLength: 3 });
const growths = fc.array(
  fc.record({
    module: fc.nat(2),
    wide: fc.boolean(),
    by: fc.oneof(
      { weight: 4, arbitrary: fc.nat(6) },
      { weight: 1, arbitrary: fc.constantFrom(39, 41, 65_536, -1) },
    ),
  }),
  { maxLength: 30 },
);

const wat = ({ narrow, wide }: Module) => `(module
  (memory $n ${narrow.initial} ${narrow.maximum ?? ""}) (memory $w i64 ${wide.initial} ${wide.maximum ?? ""})
  (func (export "narrow") (param i32) (result i32) (memory.grow $n (local.get 0)))
  (func (export "wide") (param i64) (result i64) (memory.grow $w (local.get 0))))`;

it("whatever memories grow in whatever order, the peak is what they hold together, and only growth beyond a limit is refused", async () => {
  let refusals = 0;
  let growthsDone = 0;
  const property = fc.asyncProperty(component, growths, async (modules, steps) => {
    const meter = createMeter(LIMITS);
    const instances: WebAssembly.Instance[] = [];
    for (const module of modules) {
      const { bytes, initialPages } = instrumentModule(await compileWat(wat(module)), LIMITS);
      meter.takeInitial(initialPages, 0);
      const imports = { [METERING_IMPORT_MODULE]: meter.globals };
      instances.push(new WebAssembly.Instance(new WebAssembly.Module(bytes), imports));
    }
    meter.mark();
    const sizes = modules.map(({ narrow, wide }) => ({ narrow: narrow.initial, wide: wide.initial }));
    const held = () => sizes.reduce((pages, { narrow, wide }) => pages + narrow + wide, 0);
    const atStart = held();
    let refused = false;
    for (const step of steps) {
      const index = step.module % modules.length;
      const kind = step.wide ? "wide" : "narrow";
      const [module, pages] = [modules[index], sizes[index]];
      if (module === undefined || pages === undefined) throw new Error("no such module");
      const before = pages[kind];
      const fits =
        step.by >= 0 &&
        before + step.by <= (module[kind].maximum ?? LIMITS.maxMemoryPages) &&
        held() + step.by <= LIMITS.maxMemoryPages;
      const answer = call(instances[index]?.exports ?? {}, kind, step.wide ? BigInt(step.by) : step.by);
      expect(Number(answer)).toBe(fits ? before : -1);
      if (fits) {
        pages[kind] += step.by;
        growthsDone++;
      } else {
        refused = true;
        refusals++;
      }
      expect(meter.usage()).toMatchObject({
        peakMemoryBytes: held() * PAGE_BYTES,
        memoryLimitHit: refused,
        fuelExhausted: false,
      });
    }
    meter.begin({ ...LIMITS, maxMemoryPages: 100 });
    expect(meter.usage()).toMatchObject({ peakMemoryBytes: atStart * PAGE_BYTES, memoryLimitHit: false });
  });
  await fc.assert(property, { numRuns: 100, seed: 20_260_102 });
  expect(Math.min(refusals, growthsDone)).toBeGreaterThan(100); // else one of the two was hardly tried
});
