import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import {
  createStorageRepository,
  type StorageRepository,
} from "../../../core/runner/broker/storage-repository.ts";
import { MAX_VALUE_BYTES, PAGE_ENTRIES } from "../../../core/runner/storage-limits.ts";
import { openDatabase } from "../../../core/store/database.ts";
import { tempFolder } from "../../support/temp.ts";
import { insertInstall } from "../support/install-row.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const entry = (key: string, value = "v", revision?: bigint) => ({
  namespace: "ns",
  key,
  value: bytes(value),
  ...(revision === undefined ? {} : { revision }),
});

describe("the storage of installs", () => {
  let storage: StorageRepository;
  let file: string;

  beforeEach(() => {
    file = join(tempFolder(), "workbench.sqlite");
    const database = openDatabase(file);
    insertInstall(database, "install-a", "tenant-a");
    insertInstall(database, "install-b", "tenant-b");
    storage = createStorageRepository({ database, clock: { now: () => new Date("2026-01-01T00:00:00Z") } });
    return () => database.close();
  });

  it("answers what was put, with a revision that counts from 1", () => {
    expect(storage.put("install-a", entry("k", "one")).revision).toBe(1n);
    expect(storage.put("install-a", entry("k", "two")).revision).toBe(2n);
    expect(storage.get("install-a", "ns", "k")).toEqual({
      namespace: "ns",
      key: "k",
      value: bytes("two"),
      revision: 2n,
    });
  });

  it("keeps installs and namespaces apart", () => {
    storage.put("install-a", entry("k"));
    expect(() => storage.get("install-b", "ns", "k")).toThrow(expect.objectContaining({ code: "missing" }));
    expect(() => storage.get("install-a", "other", "k")).toThrow(
      expect.objectContaining({ code: "missing" }),
    );
    expect(storage.list("install-b", "ns", undefined)).toEqual([]);
  });

  it("treats a put with a revision as a compare-and-set", () => {
    storage.put("install-a", entry("k", "one", 0n));
    expect(() => storage.put("install-a", entry("k", "again", 0n))).toThrow(
      expect.objectContaining({ code: "conflict" }),
    );
    expect(storage.put("install-a", entry("k", "two", 1n)).revision).toBe(2n);
    expect(() => storage.put("install-a", entry("k", "late", 1n))).toThrow(
      expect.objectContaining({ code: "conflict" }),
    );
    expect(() => storage.put("install-a", entry("new", "x", 7n))).toThrow(
      expect.objectContaining({ code: "conflict" }),
    );
    expect(storage.get("install-a", "ns", "k").value).toEqual(bytes("two"));
  });

  it("deletes once, and says that there is nothing the second time", () => {
    storage.put("install-a", entry("k"));
    storage.delete("install-a", "ns", "k");
    expect(() => storage.delete("install-a", "ns", "k")).toThrow(
      expect.objectContaining({ code: "missing" }),
    );
  });

  it("lists in key order, page by page, to an empty page", () => {
    const keys = Array.from({ length: PAGE_ENTRIES + 5 }, (_, index) => `k${String(index).padStart(4, "0")}`);
    for (const key of [...keys].reverse()) storage.put("install-a", entry(key));
    const first = storage.list("install-a", "ns", undefined);
    const second = storage.list("install-a", "ns", first.at(-1)?.key);
    expect([...first, ...second].map((item) => item.key)).toEqual(keys);
    expect(first).toHaveLength(PAGE_ENTRIES);
    expect(storage.list("install-a", "ns", second.at(-1)?.key)).toEqual([]);
  });

  it("refuses an oversized value, key or namespace and stores nothing", () => {
    const tooLong = "x".repeat(2_000);
    const full = { namespace: "ns", key: "full", value: new Uint8Array(MAX_VALUE_BYTES) };
    expect(storage.put("install-a", full).revision).toBe(1n);
    for (const bad of [
      { ...full, key: "over", value: new Uint8Array(MAX_VALUE_BYTES + 1) },
      entry(tooLong),
      entry(""),
      { ...entry("k"), namespace: tooLong },
    ])
      expect(() => storage.put("install-a", bad)).toThrow(expect.objectContaining({ code: "denied" }));
    expect(storage.list("install-a", "ns", undefined).map((item) => item.key)).toEqual(["full"]);
  });

  it("caps what one install may store in all, and counts what a replacement and a deletion free", () => {
    const large = (key: string) => ({ namespace: "ns", key, value: new Uint8Array(MAX_VALUE_BYTES) });
    let stored = 0;
    expect(() => {
      for (; stored < 200; stored++) storage.put("install-a", large(`k${stored}`));
    }).toThrow(expect.objectContaining({ code: "denied" }));
    expect(stored).toBe(99);
    expect(storage.put("install-a", large("k0")).revision).toBe(2n);
    storage.delete("install-a", "ns", "k0");
    expect(storage.put("install-a", large("again")).revision).toBe(1n);
    expect(storage.put("install-b", large("k0")).revision).toBe(1n);
  });

  it("sees what another connection stored when it counts", () => {
    const other = openDatabase(file);
    const elsewhere = createStorageRepository({ database: other, clock: { now: () => new Date() } });
    storage.put("install-a", entry("k"));
    elsewhere.put("install-a", entry("k", "two"));
    expect(() => storage.put("install-a", entry("k", "three", 1n))).toThrow(
      expect.objectContaining({ code: "conflict" }),
    );
    other.close();
  });
});
