import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ContentHash } from "../../core/contract/content-hash.ts";
import {
  decodeComponent,
  decodeReference,
  encodeComponent,
  encodeReference,
} from "../../core/runner/prepared/prepared-file.ts";
import { createPreparedStore } from "../../core/runner/prepared/prepared-store.ts";
import { buildTestComponent } from "../support/components.ts";
import { tempFolder } from "../support/temp.ts";
import { manifest, openRunnerHome, type RunnerHome } from "./support/runner-home.ts";

const KEY = new Uint8Array(32).fill(7);
const COMPONENT = {
  source: "export const glue = 'ü';",
  imports: ["alga:extension/http"],
  exports: ["handler"],
  modules: [
    {
      name: "core",
      bytes: Uint8Array.of(1, 2, 3),
      memories: [],
      tables: [],
      initialPages: 0,
      initialElements: 0,
      hazards: { tableWrites: 0, segmentDrops: 0, heapWrites: 0 },
    },
    {
      name: "core2",
      bytes: Uint8Array.of(4),
      memories: [],
      tables: [],
      initialPages: 1,
      initialElements: 0,
      hazards: { tableWrites: 1, segmentDrops: 0, heapWrites: 0 },
    },
  ],
};
const HASH = "c".repeat(64);
const FILES = [
  { parts: encodeComponent(COMPONENT, "name", KEY), decode: decodeComponent, holds: COMPONENT },
  {
    parts: encodeReference({ component: HASH }, "name", KEY),
    decode: decodeReference,
    holds: { component: HASH },
  },
  { parts: encodeReference({}, "name", KEY), decode: decodeReference, holds: {} },
].map(({ parts, ...rest }) => ({ ...rest, file: new Uint8Array(Buffer.concat(parts)) }));

describe("what was prepared, as a file", () => {
  it.each(FILES)(
    "holds a component, or which component a bundle has, or that it has none ($holds)",
    (each) => {
      expect(each.decode(each.file, "name", KEY)).toEqual(each.holds);
    },
  );

  it.each(FILES)(
    "is believed only whole, under its own name and with its key ($holds)",
    ({ file, decode }) => {
      for (let at = 0; at < file.length; at++) {
        const changed = file.slice();
        changed[at] = (changed[at] ?? 0) ^ 0x10;
        expect(decode(changed, "name", KEY)).toBeUndefined();
      }
      for (let length = 0; length < file.length; length++)
        expect(decode(file.slice(0, length), "name", KEY)).toBeUndefined();
      expect(decode(file, "other", KEY)).toBeUndefined();
      expect(decode(file, "name", new Uint8Array(32))).toBeUndefined();
    },
  );

  it("is another one for another bundle, another memory limit and another version of the rewrite", async () => {
    const folder = tempFolder();
    const bundle = { contentHash: `sha256:${"1".repeat(64)}`, maxMemoryMb: 64 } as const;
    const component = { component: HASH, maxMemoryMb: 64 };
    const store = createPreparedStore({ folder, key: KEY, version: "1" });
    await store.refer(bundle, { component: HASH });
    await store.keep(component, COMPONENT);
    expect(await store.reference(bundle)).toEqual({ component: HASH });
    expect(await store.reference({ ...bundle, maxMemoryMb: 65 })).toBeUndefined();
    expect(await store.reference({ ...bundle, contentHash: `sha256:${"2".repeat(64)}` })).toBeUndefined();
    expect(await store.component(component)).toEqual(COMPONENT);
    expect(await store.component({ ...component, maxMemoryMb: 65 })).toBeUndefined();
    expect(await store.component({ ...component, component: "d".repeat(64) })).toBeUndefined();
    const later = createPreparedStore({ folder, key: KEY, version: "2" });
    expect([await later.reference(bundle), await later.component(component)]).toEqual([undefined, undefined]);
    expect(readdirSync(folder)).toHaveLength(2);
  });
});

describe("what the runner loads", () => {
  let home: RunnerHome;
  let component: Uint8Array;
  beforeAll(async () => {
    [home, component] = await Promise.all([
      openRunnerHome(),
      buildTestComponent({
        source: "export function handler() { return { status: 204, headers: [] }; }",
        engine: "quickjs",
      }),
    ]);
  });
  afterAll(() => home.close());

  const bundleOf = (main: Uint8Array, note: string) =>
    home.publish({ "manifest.json": manifest(), "dist/main.wasm": main, "ui/note": note });
  const contents = () =>
    new Map(
      readdirSync(home.preparedDir).map((name) => {
        const path = join(home.preparedDir, name);
        return [path, readFileSync(path)] as const;
      }),
    );
  /** A new process, which has nothing in memory. */
  async function restarted<Answer>(run: () => Promise<Answer>): Promise<Answer> {
    await home.supervisor.stop();
    await home.supervisor.start();
    return run();
  }
  const status = async (hash: ContentHash) => (await home.call(hash)).status;

  it("is made once, kept on disk, and made again when somebody changed it", async () => {
    const hash = await bundleOf(component, "kept");
    expect(await status(hash)).toBe(204);
    const made = contents();
    expect(made.size).toBe(2);

    expect(await restarted(() => status(hash))).toBe(204);
    expect(contents()).toEqual(made);

    for (const [path, bytes] of made) {
      const changed = Buffer.from(bytes);
      changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
      writeFileSync(path, changed);
      expect(await restarted(() => status(hash))).toBe(204);
      expect(contents()).toEqual(made);
    }
  });

  it("is made again when the component's file is gone and the bundle still refers to it", async () => {
    const hash = await bundleOf(component, "pruned");
    expect(await status(hash)).toBe(204);
    const made = contents();
    const [largest] = [...made].toSorted(([, a], [, b]) => b.length - a.length);
    if (largest) rmSync(largest[0]);
    expect(await restarted(() => status(hash))).toBe(204);
    expect(contents()).toEqual(made);
  });

  it("is prepared ahead of the first call, and the bundle is judged all the same", async () => {
    const ahead = await buildTestComponent({
      source: "export function handler() { return { status: 202, headers: [] }; }",
      engine: "quickjs",
    });
    const hash = await bundleOf(ahead, "ahead");
    const before = contents().size;
    await home.supervisor.warm(hash);
    expect(contents().size).toBe(before + 2);
    expect(await status(hash)).toBe(202);
    expect(contents().size).toBe(before + 2);
  });

  it("is shared by bundles that differ only outside their component", async () => {
    await bundleOf(component, "first").then(status);
    const before = contents();
    const hash = await bundleOf(component, "second");
    expect(await status(hash)).toBe(204);
    const added = [...contents()].filter(([path]) => !before.has(path));
    expect(added).toHaveLength(1);
    expect(added[0]?.[1].toString()).toContain(createHash("sha256").update(component).digest("hex"));
  });

  it("leaves nothing behind of a component that cannot be prepared, and the next one is", async () => {
    const before = contents().size;
    const bad = await bundleOf(component.slice(0, component.length / 2), "bad");
    const good = await bundleOf(component, "good");
    const [refused, answered] = await Promise.all([home.call(bad), home.call(good)]);
    expect(refused.error).toMatchObject({ code: "bad_handler" });
    expect(answered.status).toBe(204);
    expect(contents().size).toBe(before + 1);
  });
});
