import { describe, expect, it } from "vitest";
import { CORPUS, LEGACY_EXCEPTIONS } from "./corpus.ts";
import { compileWat, meter, outcome } from "./wat.ts";

function host(): WebAssembly.Imports {
  return {
    host: {
      base: new WebAssembly.Global({ value: "i32" }, 40),
      cell: new WebAssembly.Global({ value: "i64", mutable: true }, 1_000n),
    },
  };
}

function compare(bytes: Uint8Array): void {
  expect(WebAssembly.validate(bytes)).toBe(true);
  const plain = new WebAssembly.Instance(new WebAssembly.Module(bytes), host()).exports;
  const metered = meter(bytes, { imports: host() });
  for (let round = 0; round < 2; round++) {
    const before = metered.counters.fuel.value;
    expect(outcome(metered.exports, "run")).toEqual(outcome(plain, "run"));
    expect(metered.counters.fuel.value).toBeLessThan(before);
  }
  const again = meter(bytes, { imports: host() });
  outcome(again.exports, "run");
  outcome(again.exports, "run");
  expect(again.counters.fuel.value).toBe(metered.counters.fuel.value);
}

describe("a metered module answers as the plain one, with the same fuel each time", () => {
  it.each(CORPUS)("%s", async (_name, wat) => {
    compare(await compileWat(wat));
  });

  it("the legacy exception instructions", () => {
    compare(LEGACY_EXCEPTIONS);
  });
});
