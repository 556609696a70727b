import { parse } from "@bytecodealliance/jco";
import { describe, expect, it } from "vitest";
import { GlueMismatch, GlueRuns } from "../../../core/runner/component/glue-host.ts";
import type { LoadedModule } from "../../../core/runner/component/index.ts";
import { createMeter } from "../../../core/runner/component/meter.ts";

const LIMITS = { fuel: 1_000, maxMemoryPages: 1, maxTableElements: 1 };

/** Calls its import until the import no longer throws, three times at most. */
const INSISTENT = `(module (import "m" "f" (func $f (result i32)))
  (func (export "ask") (result i32)
    try (result i32) (call $f) catch_all
      try (result i32) (call $f) catch_all (call $f) end
    end))`;

describe("a core instance whose imports are linked when it first calls one", () => {
  it("reaches nothing of an earlier run of the glue when they are not what they were, however often it asks", async () => {
    const module = new WebAssembly.Module(Uint8Array.from(await parse(INSISTENT)));
    const loaded: LoadedModule = {
      name: "m",
      module,
      initialPages: 0,
      initialElements: 0,
      memories: [],
      tables: [],
      hazards: { segmentDrops: 0, heapWrites: 0, tableWrites: 0 },
    };
    const runs = new GlueRuns(new Map([[module, loaded]]), createMeter(LIMITS));
    const { exports } = runs.host(module, () => ({ m: { f: () => 1 } }));
    // As the text above has it.
    const ask = exports["ask"] as () => number;
    runs.seal({ kept: [], run: () => ({}) });
    const again = (imports: Record<string, () => number>) =>
      runs.rerun(() => void runs.host(module, () => ({ m: imports })));

    again({ f: () => 2 });
    expect(ask()).toBe(2);
    again({ f: () => 3 });
    expect(ask()).toBe(3);
    again({});
    expect(() => ask()).toThrow(GlueMismatch);
  });
});
