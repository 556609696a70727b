import { beforeAll, describe, expect, it } from "vitest";
import { failureOf } from "../../../core/runner/component/index.ts";
import { buildTestComponent, COMPONENT_ENGINES } from "../../support/components.ts";
import { instantiate, type Loaded, load, request } from "./host.ts";

const SOURCE = `
import { logInfo } from "alga:extension/logging";
let calls = 0;
const kept = [];
function deep(n) { return n === 0 ? 0 : 1 + deep(n - 1); }
export function handler(request) {
  const [path, argument] = request.http.url.split("?");
  logInfo("called");
  calls++;
  if (path === "/loop") for (;;) calls++;
  if (path === "/allocate") for (;;) kept.push(new Uint8Array(1 << 20).fill(calls));
  if (path === "/throw") throw new Error("on purpose");
  if (path === "/work") for (let i = 0; i < Number(argument); i++) kept.push(String(i * 7));
  if (path === "/date") kept.push(Date.now(), Math.random());
  const text = JSON.stringify({ calls, kept: kept.length });
  return {
    status: 200,
    headers: [{ name: "content-type", value: "application/json" }],
    body: Uint8Array.from(text, (letter) => letter.charCodeAt(0)),
  };
}`;

function bodyOf(response: unknown): unknown {
  const { body } = response as { body: Uint8Array }; // the shape of the world's execute-response
  return JSON.parse(new TextDecoder().decode(body));
}

describe.each(COMPONENT_ENGINES)("a component built for %s", (engine) => {
  let loaded: Loaded;
  beforeAll(async () => {
    loaded = await load(await buildTestComponent({ source: SOURCE, engine }));
  });

  it("lists what it imports, without versions", () => {
    expect(loaded.prepared.imports).toContain("alga:extension/logging");
    expect(loaded.prepared.imports.filter((name) => name.includes("@"))).toEqual([]);
    expect(loaded.prepared.exports).toContain("handler");
  });

  it("answers, and reports what it used", () => {
    const instance = instantiate(loaded);
    expect(bodyOf(instance.handler(request("/work?100")))).toEqual({ calls: 1, kept: 100 });
    const usage = instance.usage();
    expect(usage.fuelUsed).toBeGreaterThan(1_000);
    expect(usage.peakMemoryBytes).toBeGreaterThan(1_000_000);
    expect(usage).toMatchObject({ memoryLimitHit: false, fuelExhausted: false });
  });

  it("starts from the pristine state in every instance", () => {
    for (let call = 0; call < 3; call++) {
      expect(bodyOf(instantiate(loaded).handler(request("/work?5")))).toEqual({ calls: 1, kept: 5 });
    }
  });

  it("uses the same fuel and memory on every run", () => {
    const usages = [1, 2, 3, 4].map(() => {
      const instance = instantiate(loaded);
      instance.handler(request("/work?20000"));
      return instance.usage();
    });
    for (const usage of usages) expect(usage).toEqual(usages[0]);
  });

  it("uses more fuel for more work", () => {
    const [few, many] = [10, 10_000].map((amount) => {
      const instance = instantiate(loaded);
      instance.handler(request(`/work?${amount}`));
      return instance.usage().fuelUsed;
    });
    expect(many).toBeGreaterThan((few ?? 0) * 2);
  });

  it("is stopped when its fuel is used up", () => {
    const instance = instantiate(loaded, { fuel: 5_000_000 });
    const failure = thrownBy(() => instance.handler(request("/loop")));
    expect(failureOf(failure, instance.usage())).toBe("fuel_exhausted");
    expect(instance.usage()).toMatchObject({ fuelUsed: 5_000_000, fuelExhausted: true });
  });

  it("is refused memory beyond its limit, and the failure names it", () => {
    const maxMemoryPages = 1_024;
    const instance = instantiate(loaded, { maxMemoryPages });
    const failure = thrownBy(() => instance.handler(request("/allocate")));
    expect(failureOf(failure, instance.usage())).toBe("memory_limit");
    expect(instance.usage().peakMemoryBytes).toBeLessThanOrEqual(maxMemoryPages * 65_536);
    expect(instance.usage().peakMemoryBytes).toBeGreaterThan((maxMemoryPages * 65_536) / 2);
  });

  it("is not started when it does not fit into the memory limit", () => {
    expect(() => instantiate(loaded, { maxMemoryPages: 4 })).toThrow(/more memory or tables/u);
  });

  it("reports an exception of the handler as a trap of the guest", () => {
    const instance = instantiate(loaded);
    const failure = thrownBy(() => instance.handler(request("/throw")));
    expect(failureOf(failure, instance.usage())).toBe("trap");
  });
});

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}
