import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ContentHash } from "../../core/contract/content-hash.ts";
import { decodePrepared, encodePrepared } from "../../core/runner/prepared/prepared-file.ts";
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
const fileOf = () => new Uint8Array(Buffer.concat(encodePrepared({ component: COMPONENT }, "name", KEY)));

describe("the file of a prepared bundle", () => {
  it("holds the component, or that there is none", () => {
    expect(decodePrepared(fileOf(), "name", KEY)).toEqual({ component: COMPONENT });
    const none = new Uint8Array(Buffer.concat(encodePrepared({ component: undefined }, "name", KEY)));
    expect(decodePrepared(none, "name", KEY)).toEqual({ component: undefined });
  });

  it("is believed only whole, under its own name and with its key", () => {
    const file = fileOf();
    for (let at = 0; at < file.length; at++) {
      const changed = file.slice();
      changed[at] = (changed[at] ?? 0) ^ 0x10;
      expect(decodePrepared(changed, "name", KEY)).toBeUndefined();
    }
    for (let length = 0; length < file.length; length++)
      expect(decodePrepared(file.slice(0, length), "name", KEY)).toBeUndefined();
    expect(decodePrepared(file, "other", KEY)).toBeUndefined();
    expect(decodePrepared(file, "name", new Uint8Array(32))).toBeUndefined();
  });

  it("is another one for another bundle, another memory limit and another version of the rewrite", async () => {
    const folder = tempFolder();
    const bundle = { contentHash: `sha256:${"1".repeat(64)}`, maxMemoryMb: 64 } as const;
    const store = createPreparedStore({ folder, key: KEY, version: "1" });
    await store.write(bundle, { component: COMPONENT });
    expect(await store.read(bundle)).toEqual({ component: COMPONENT });
    expect(await store.read({ ...bundle, maxMemoryMb: 65 })).toBeUndefined();
    expect(await store.read({ ...bundle, contentHash: `sha256:${"2".repeat(64)}` })).toBeUndefined();
    expect(await createPreparedStore({ folder, key: KEY, version: "2" }).read(bundle)).toBeUndefined();
    expect(readdirSync(folder)).toHaveLength(1);
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
  const files = () => readdirSync(home.preparedDir);
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
    const [name = "", ...others] = files();
    expect(others).toEqual([]);
    const path = join(home.preparedDir, name);
    const made = readFileSync(path);
    const stamp = () => readFileSync(path).equals(made);

    expect(await restarted(() => status(hash))).toBe(204);
    expect(stamp()).toBe(true);

    const changed = Buffer.from(made);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    writeFileSync(path, changed);
    expect(await restarted(() => status(hash))).toBe(204);
    expect(stamp()).toBe(true);
  });

  it("is prepared ahead of the first call, and the bundle is judged all the same", async () => {
    const hash = await bundleOf(component, "ahead");
    const before = files().length;
    await home.supervisor.warm(hash);
    expect(files()).toHaveLength(before + 1);
    expect(await status(hash)).toBe(204);
    expect(files()).toHaveLength(before + 1);
  });

  it("leaves nothing behind of a component that cannot be prepared, and the next one is", async () => {
    const before = files();
    const bad = await bundleOf(component.slice(0, component.length / 2), "bad");
    const good = await bundleOf(component, "good");
    const [refused, answered] = await Promise.all([home.call(bad), home.call(good)]);
    expect(refused.error).toMatchObject({ code: "bad_handler" });
    expect(answered.status).toBe(204);
    expect(files()).toHaveLength(before.length + 1);
  });
});
