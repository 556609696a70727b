import { describe, expect, it, vi } from "vitest";
import { WeightedCache } from "../../../core/runner/bundles/weighted-cache.ts";

const cacheOf = (cap: number) => new WeightedCache<string>(cap, (value) => value.length);

describe("the cache of prepared bundles", () => {
  it("makes a value once, however many ask for it meanwhile", async () => {
    const cache = cacheOf(100);
    const make = vi.fn(async () => "value");
    const values = await Promise.all([cache.get("k", make), cache.get("k", make), cache.get("k", make)]);
    expect(values).toEqual(["value", "value", "value"]);
    expect(await cache.get("k", make)).toBe("value");
    expect(make).toHaveBeenCalledTimes(1);
  });

  it("does not keep a failure", async () => {
    const cache = cacheOf(100);
    await expect(cache.get("k", async () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await cache.get("k", async () => "value")).toBe("value");
  });

  it("drops the longest unused when all together are over the cap", async () => {
    const cache = cacheOf(10);
    const make = vi.fn(async () => "12345");
    await cache.get("a", make);
    await cache.get("b", make);
    await cache.get("a", make);
    await cache.get("c", make);
    expect(cache.weight).toBe(10);
    expect(make).toHaveBeenCalledTimes(3);
    await cache.get("a", make);
    expect(make).toHaveBeenCalledTimes(3);
    await cache.get("b", make);
    expect(make).toHaveBeenCalledTimes(4);
  });

  it("hands out a value over the cap and keeps the others", async () => {
    const cache = cacheOf(10);
    await cache.get("a", async () => "12345");
    expect(await cache.get("b", async () => "x".repeat(11))).toHaveLength(11);
    expect(cache.weight).toBe(5);
  });
});
