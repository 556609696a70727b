import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isBuildInput, watchProject } from "../../../core/bundle/project/index.ts";
import { tempFolder } from "../../support/temp.ts";
import { writeProject } from "./folder.ts";

describe("watchProject", () => {
  it("reports a burst of changes once, without what builds and package managers write, and ends when told", async () => {
    const dir = writeProject(tempFolder(), {
      "src/index.js": "1",
      "dist/main.wasm": "1",
      "node_modules/a/b.js": "1",
    });
    const stop = new AbortController();
    const seen: (readonly string[])[] = [];
    await watchProject({
      dir,
      signal: stop.signal,
      onReady: () => {
        writeFileSync(join(dir, "dist", "main.wasm"), "2");
        writeFileSync(join(dir, "node_modules", "a", "b.js"), "2");
        mkdirSync(join(dir, ".git"));
        writeFileSync(join(dir, "src", "index.js"), "2");
        writeFileSync(join(dir, "src", "new.js"), "2");
      },
      onChange: (changed) => {
        seen.push(changed);
        if (seen.flat().includes("src/index.js") && seen.flat().includes("src/new.js")) stop.abort();
      },
    });
    expect([...new Set(seen.flat())].sort()).toEqual(["src/index.js", "src/new.js"]);
  });

  it("leaves out what no build reads, when asked to", async () => {
    const dir = writeProject(tempFolder(), { "src/index.js": "1", "requests/a.json": "{}" });
    const stop = new AbortController();
    const seen: string[] = [];
    await watchProject({
      dir,
      inputsOnly: true,
      signal: stop.signal,
      onReady: () => {
        writeFileSync(join(dir, "requests", "a.json"), "{ }");
        writeFileSync(join(dir, "requests", "b.json"), "{}");
        writeFileSync(join(dir, "src", "index.js"), "2");
      },
      onChange: (changed) => {
        seen.push(...changed);
        if (seen.includes("src/index.js")) stop.abort();
      },
    });
    expect(seen).toEqual(["src/index.js"]);
    expect(["requests", "requests/a.json", "dist/main.wasm", "src/a.ts~"].filter(isBuildInput)).toEqual([]);
    expect(["src/requests/a.ts", "manifest.json"].filter(isBuildInput)).toHaveLength(2);
  });

  it("never runs two builds at once and does not lose what changes meanwhile", async () => {
    const dir = writeProject(tempFolder(), { "src/index.js": "1" });
    const stop = new AbortController();
    let running = 0;
    let most = 0;
    const seen: string[] = [];
    await watchProject({
      dir,
      signal: stop.signal,
      onReady: () => writeFileSync(join(dir, "src", "first.js"), "1"),
      onChange: async (changed) => {
        running += 1;
        most = Math.max(most, running);
        seen.push(...changed);
        if (changed.includes("src/first.js")) writeFileSync(join(dir, "src", "second.js"), "1");
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        if (seen.includes("src/second.js")) stop.abort();
      },
    });
    expect(most).toBe(1);
    expect(seen).toContain("src/second.js");
  });

  it("passes on what a build throws", async () => {
    const dir = writeProject(tempFolder(), {});
    const watching = watchProject({
      dir,
      signal: new AbortController().signal,
      onReady: () => writeFileSync(join(dir, "manifest.json"), "{}"),
      onChange: () => {
        throw new Error("a defect");
      },
    });
    await expect(watching).rejects.toThrow("a defect");
  });
});
