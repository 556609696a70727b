import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  createWarmComponents,
  type WarmComponents,
} from "../../../core/bundle/project/component/warm-components.ts";
import { createProjectBuilder, type ProjectBuilder } from "../../../core/bundle/project/index.ts";
import { narrowWorld, worldText } from "../../../core/bundle/project/world.ts";
import { tempFolder } from "../../support/temp.ts";
import { MANIFEST, rejection, writeProject } from "./folder.ts";

const handler = (status: number) => `export function handler() { return { status: ${status} }; }\n`;
const ENDLESS = `for (;;) {}\n${handler(200)}`;

async function taskOf(source: string) {
  return { engine: "quickjs", source, wit: narrowWorld(await worldText(), []), world: "runner" } as const;
}

function isRunning(pid: number): boolean {
  try {
    const state = execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
    return !state.trim().startsWith("Z");
  } catch {
    return false;
  }
}

describe("a warm toolchain", () => {
  let components: WarmComponents;
  beforeAll(async () => {
    components = createWarmComponents();
    await components.make(await taskOf(handler(200)));
  });
  afterAll(() => components.dispose());

  it("stays for the next component, also after a source that fails", async () => {
    const { pid } = components;
    await components.make(await taskOf(handler(201)));
    const failing = components.make(await taskOf(`throw new Error("at the top");\n${handler(200)}`));
    expect(await rejection(failing)).toMatchObject({
      code: "component_error",
      details: { reason: expect.stringContaining("at the top") },
    });
    expect(components.pid).toBe(pid);
  });

  it("is killed at once by a cancellation, and the next component comes from another process", async () => {
    const before = components.pid;
    const abort = new AbortController();
    const endless = components.make({ ...(await taskOf(ENDLESS)), signal: abort.signal });
    // The process answers nothing any more once it runs the source.
    setImmediate(() => abort.abort());
    expect(await rejection(endless)).toMatchObject({ code: "build_cancelled" });
    expect(components.pid).not.toBe(before);
    await components.make(await taskOf(handler(202)));
  });

  it("is replaced when it hangs, and when it is killed while it works; both are named", async () => {
    const hung = components.make({ ...(await taskOf(ENDLESS)), timeoutMs: 300 });
    expect(await rejection(hung)).toMatchObject({ code: "component_timeout" });
    const crashed = components.make(await taskOf(ENDLESS));
    const { pid } = components;
    await new Promise((resolve) => setImmediate(resolve));
    if (pid !== undefined) process.kill(pid, "SIGKILL");
    expect(await rejection(crashed)).toMatchObject({
      code: "component_error",
      details: { reason: expect.stringContaining("SIGKILL") },
    });
    await components.make(await taskOf(handler(203)));
  });

  it("has gone when nobody needs it, and comes back", async () => {
    const { pid } = components;
    await components.rest();
    expect(components.pid).toBeUndefined();
    if (pid !== undefined) expect(isRunning(pid)).toBe(false);
    await components.make(await taskOf(handler(204)));
  });

  it.skipIf(process.platform === "win32")(
    "ends with the process that it works for, however busy it is",
    async () => {
      const temporary = tempFolder();
      const parent = fork(join(import.meta.dirname, "endless-build.ts"), {
        execArgv: ["--no-warnings"],
        env: { ...process.env, TMPDIR: temporary },
      });
      const [pid] = await once(parent, "message");
      parent.kill("SIGKILL");
      await vi.waitFor(() => expect(isRunning(Number(pid))).toBe(false), { timeout: 10_000 });
      expect(readdirSync(temporary).filter((name) => name.startsWith("workbench-toolchain"))).toEqual([]);
    },
  );
});

describe("a project that is built again", () => {
  let builder: ProjectBuilder;
  beforeAll(() => {
    builder = createProjectBuilder();
  });
  afterAll(() => builder.dispose());

  const stagesOf = async (dir: string) => {
    const { stages } = await builder.build({ dir, engine: "quickjs" });
    return stages.map(({ name }) => name).sort();
  };

  it("makes no component when the bundled source is as it was, and makes one when the file has been touched", async () => {
    const dir = writeProject(tempFolder(), { "src/index.js": handler(200) });
    expect(await stagesOf(dir)).toContain("component");
    writeProject(dir, {
      "src/index.js": `// Only a comment.\n${handler(200)}`,
      "manifest.json": { ...MANIFEST, version: "1.0.1" },
    });
    expect(await stagesOf(dir)).not.toContain("component");
    writeProject(dir, { "src/index.js": handler(201) });
    expect(await stagesOf(dir)).toContain("component");
    writeFileSync(join(dir, "dist", "main.wasm"), "something else");
    expect(await stagesOf(dir)).toContain("component");
  });

  it("runs its UI script only when something has changed that the script may read", async () => {
    const script = `node -e "fs.mkdirSync('dist/ui',{recursive:true});fs.writeFileSync('dist/ui/index.html','x');fs.appendFileSync('dist/runs','1')"`;
    const dir = writeProject(tempFolder(), {
      "manifest.json": { ...MANIFEST, ui: { type: "iframe", entry: "ui/index.html" } },
      "package.json": { scripts: { "build:ui": script } },
      "ui/main.js": "export {};",
      "src/index.js": handler(200),
    });
    const runs = async () => {
      await stagesOf(dir);
      return readFileSync(join(dir, "dist", "runs"), "utf8").length;
    };
    expect(await runs()).toBe(1);
    writeFileSync(join(dir, "src", "index.js"), handler(201));
    expect(await runs()).toBe(1);
    writeFileSync(join(dir, "ui", "main.js"), 'import "../src/index.js";');
    expect(await runs()).toBe(2);
    writeFileSync(join(dir, "src", "index.js"), handler(202));
    expect(await runs()).toBe(3);
  });

  it("says what the types are wrong about before anything else that is wrong", async () => {
    const dir = writeProject(tempFolder(), {
      "src/index.ts": `export const a: number = "text";\nthrow new Error("at the top");\n${handler(200)}`,
    });
    expect(await rejection(builder.build({ dir, engine: "quickjs" }))).toMatchObject({ code: "type_error" });
  });
});
