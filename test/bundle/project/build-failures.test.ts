import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { buildProject } from "../../../core/bundle/project/build.ts";
import { freshComponents } from "../../../core/bundle/project/component/componentize.ts";
import { worldText } from "../../../core/bundle/project/world.ts";
import { tempFolder } from "../../support/temp.ts";
import { MANIFEST, rejection, writeProject } from "./folder.ts";

const HANDLER = "export function handler() { return { status: 200 }; }\n";

function project(files: Record<string, string | object>): string {
  return writeProject(tempFolder(), files);
}

const failing = (files: Record<string, string | object>, engine: "quickjs" | "starlingmonkey" = "quickjs") =>
  rejection(buildProject({ dir: project(files), engine }));

describe("a project that cannot be built", () => {
  it("is not there", async () => {
    expect(await rejection(buildProject({ dir: join(tempFolder(), "nothing") }))).toMatchObject({
      code: "project_missing",
    });
  });

  it("has no manifest", async () => {
    expect(await rejection(buildProject({ dir: tempFolder() }))).toMatchObject({ code: "manifest_missing" });
  });

  it("has a manifest with problems, all named with their places", async () => {
    const error = await failing({
      "manifest.json": { ...MANIFEST, version: "one", runtime: "other" },
      "src/index.js": HANDLER,
    });
    expect(error).toMatchObject({ code: "manifest_invalid" });
    expect(error.details?.["problems"]).toMatchObject([
      { path: "$.version", line: 3 },
      { path: "$.runtime", line: 4 },
    ]);
  });

  it("has settings that are none", async () => {
    expect(await failing({ "workbench.json": { engine: "v8" }, "src/index.js": HANDLER })).toMatchObject({
      code: "config_invalid",
    });
    expect(
      await failing({ "workbench.json": { entry: "../../etc/passwd.js" }, "src/index.js": HANDLER }),
    ).toMatchObject({ code: "config_invalid" });
    expect(await failing({ "package.json": "{", "src/index.js": HANDLER })).toMatchObject({
      code: "package_invalid",
    });
  });

  it("is asked for an engine that does not exist", async () => {
    const dir = project({ "src/index.js": HANDLER });
    expect(await rejection(buildProject({ dir, engine: "v8" as "quickjs" }))).toMatchObject({
      code: "engine_unknown",
      details: { expected: ["starlingmonkey", "quickjs"] },
    });
  });

  it("has no source", async () => {
    expect(await failing({})).toMatchObject({ code: "source_missing" });
    expect(
      await failing({ "workbench.json": { entry: "src/other.ts" }, "src/index.ts": HANDLER }),
    ).toMatchObject({
      code: "source_missing",
      details: { expected: ["src/other.ts"] },
    });
  });

  it("has a syntax error, shown with file, line and column", async () => {
    const error = await failing({
      "src/index.js": `import "./broken.js";\n${HANDLER}`,
      "src/broken.js": "const fine = 1;\nconst = 2;\n",
    });
    expect(error).toMatchObject({ code: "bundle_error" });
    expect(error.details?.["diagnostics"]).toMatchObject([{ file: "src/broken.js", line: 2, column: 7 }]);
  });

  it("has type errors, each shown with file, line, column and code", async () => {
    const error = await failing({
      "src/index.ts": `const a: number = "text";\n${HANDLER}`,
      "tsconfig.json": {
        compilerOptions: { strict: true, module: "ESNext", moduleResolution: "bundler" },
        include: ["src"],
      },
      "src/other.ts": "\n  export const b: string = 1;\n",
    });
    expect(error).toMatchObject({ code: "type_error", message: "The project has 2 type errors." });
    expect(error.details?.["diagnostics"]).toMatchObject([
      { file: "src/index.ts", line: 1, column: 7, code: "TS2322" },
      { file: "src/other.ts", line: 2, column: 16, code: "TS2322" },
    ]);
    expect(error.details?.["problems"]).toContain(
      "src/index.ts:1:7 TS2322 Type 'string' is not assignable to type 'number'.",
    );
  });

  it("has a type error and no tsconfig.json", async () => {
    expect(await failing({ "src/index.ts": `export const x: number = "";\n${HANDLER}` })).toMatchObject({
      code: "type_error",
    });
  });

  it("calls a host function that does not exist", async () => {
    const error = await failing({
      "src/index.ts": `import { getAll } from "alga:extension/secrets";\ngetAll();\n${HANDLER}`,
    });
    expect(error).toMatchObject({ code: "type_error" });
    expect(error.details?.["diagnostics"]).toMatchObject([{ file: "src/index.ts", line: 1, code: "TS2305" }]);
  });

  it("has a tsconfig.json that is broken", async () => {
    expect(
      await failing({
        "src/index.ts": HANDLER,
        "tsconfig.json": '{ "compilerOptions": { "target": "ES1" } }',
      }),
    ).toMatchObject({ code: "type_error" });
  });

  it("exports no handler", async () => {
    expect(await failing({ "src/index.js": "export const other = 1;\n" })).toMatchObject({
      code: "handler_missing",
      details: { exports: ["other"] },
    });
  });

  it("imports a package that is not installed, and says how to install it", async () => {
    expect(
      await failing({ "src/index.js": `import { x } from "left-pad/sub";\nx();\n${HANDLER}` }),
    ).toMatchObject({
      code: "dependencies_missing",
      kind: "environment",
      details: { missing: ["left-pad"] },
      hint: expect.stringContaining("npm install"),
    });
    expect(
      await failing({ "package.json": { dependencies: { "left-pad": "1" } }, "src/index.js": HANDLER }),
    ).toMatchObject({ code: "dependencies_missing" });
  });

  it("imports a file that does not exist", async () => {
    const error = await failing({ "src/index.js": `import "./gone.js";\n${HANDLER}` });
    expect(error).toMatchObject({
      code: "bundle_error",
      details: { diagnostics: [{ file: "src/index.js" }] },
    });
  });

  it("reaches for Node", async () => {
    const error = await failing({
      "src/index.js": `import { readFileSync } from "node:fs";\nreadFileSync("/etc/passwd");\n${HANDLER}`,
    });
    expect(error).toMatchObject({ code: "bundle_error" });
  });

  it("throws at top level", async () => {
    const error = await failing({
      "src/index.js": `if (Math.random() < 2) throw new Error("at the top");\n${HANDLER}`,
    });
    expect(error).toMatchObject({
      code: "component_error",
      details: { reason: expect.stringMatching(/^Failed .*at the top/) },
    });
  });

  it("declares a UI that it does not have", async () => {
    const ui = { type: "iframe", entry: "ui/index.html" };
    const manifest = { ...MANIFEST, api: undefined, ui };
    expect(await failing({ "manifest.json": manifest })).toMatchObject({ code: "ui_missing" });
    expect(await failing({ "manifest.json": manifest, "ui/other.html": "x" })).toMatchObject({
      code: "ui_entry_missing",
    });
  });

  it("is larger than its own budget", async () => {
    const budgets = { component_bytes: 1_024 };
    expect(await failing({ "workbench.json": { budgets }, "src/index.js": HANDLER })).toMatchObject({
      code: "budget_exceeded",
      details: { budget_bytes: 1_024 },
    });
  });

  it("leaves the component of an earlier build alone", async () => {
    const dir = project({ "src/index.js": "export const other = 1;\n", "dist/main.wasm": "earlier" });
    await rejection(buildProject({ dir, engine: "quickjs" }));
    expect(readFileSync(join(dir, "dist", "main.wasm"), "utf8")).toBe("earlier");
  });

  it("has sources that link in a circle", async () => {
    const dir = project({ "src/index.js": `import "./loop/loop/loop/a.js";\n${HANDLER}` });
    mkdirSync(join(dir, "src", "loop"));
    symlinkSync("..", join(dir, "src", "loop", "loop"));
    expect(await rejection(buildProject({ dir, engine: "quickjs" }))).toMatchObject({ code: "bundle_error" });
  });
});

const ENGINES = ["quickjs", "starlingmonkey"] as const;

it("says that the disk is full or the folder read-only, and leaves the last component alone", async (context) => {
  const dir = project({ "src/index.js": HANDLER, "dist/.keep": "" });
  const dist = join(dir, "dist");
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", dist]);
  if (mounted.status !== 0) context.skip("needs the right to mount a small file system (root on Linux)");
  onTestFinished(() => void spawnSync("umount", [dist]));
  const build = (bytes: number) =>
    buildProject(
      { dir },
      { components: { make: async () => ({ bytes: new Uint8Array(bytes).fill(1), reproducible: true }) } },
    );
  await build(100);
  expect(await rejection(build(200_000))).toMatchObject({
    code: "disk_full",
    kind: "environment",
    hint: expect.stringContaining("Free some space"),
  });
  expect(readdirSync(dist)).toEqual(["main.wasm"]);
  expect(readFileSync(join(dist, "main.wasm"))).toHaveLength(100);
  spawnSync("mount", ["-o", "remount,ro", dist]);
  expect(await rejection(build(100))).toMatchObject({
    code: "output_unwritable",
    details: { reason: "EROFS" },
  });
});

describe("a build that is stopped", () => {
  it.each(ENGINES)("ends while %s runs the source's top-level code, and leaves nothing", async (engine) => {
    // A temporary folder that no other test writes to.
    const temporary = tempFolder();
    vi.stubEnv("TMPDIR", temporary);
    onTestFinished(() => void vi.unstubAllEnvs());
    const controller = new AbortController();
    const making = rejection(
      freshComponents.make({
        engine,
        source: "for (;;) {}\nexport function handler() {}\n",
        wit: await worldText(),
        world: "runner",
        signal: controller.signal,
      }),
    );
    // The process has begun its work once it has made a folder of its own.
    const begun = () => readdirSync(temporary).some((name) => existsSync(join(temporary, name, "cwd")));
    await vi.waitFor(() => expect(begun()).toBe(true), { timeout: 30_000 });
    controller.abort();
    expect(await making).toMatchObject({ code: "build_cancelled" });
    expect(readdirSync(temporary)).toEqual([]);
  });

  it("ends between two stages and writes no component", async () => {
    const dir = project({ "src/index.js": HANDLER });
    const controller = new AbortController();
    const onProgress = ({ name }: { name: string }) => {
      if (name === "bundle") controller.abort();
    };
    const build = buildProject({ dir, engine: "quickjs", signal: controller.signal, onProgress });
    expect(await rejection(build)).toMatchObject({ code: "build_cancelled" });
    expect(existsSync(join(dir, "dist"))).toBe(false);
  });

  it("ends by itself when top-level code never does", async () => {
    const source = "for (;;) {}\nexport function handler() {}\n";
    const task = {
      engine: "quickjs",
      source,
      wit: await worldText(),
      world: "runner",
      timeoutMs: 2_000,
    } as const;
    expect(await rejection(freshComponents.make(task))).toMatchObject({ code: "component_timeout" });
  });

  it("never starts when it was stopped before", async () => {
    const dir = project({ "src/index.js": HANDLER });
    expect(
      await rejection(buildProject({ dir, engine: "quickjs", signal: AbortSignal.abort() })),
    ).toMatchObject({ code: "build_cancelled" });
  });
});

describe("a project with scripts of its own", () => {
  const node = (code: string) => `node -e "${code}"`;
  const copy = (to: string) =>
    node(`fs.mkdirSync('dist',{recursive:true});fs.writeFileSync('dist/${to}','built')`);

  it("is built by its build script, whatever it calls its component", async () => {
    for (const name of ["main.wasm", "component.wasm"]) {
      const dir = project({ "package.json": { scripts: { build: copy(name) } } });
      const built = await buildProject({ dir });
      expect(built.stages.map((stage) => stage.name)).toEqual(["manifest", "script", "ui"]);
      expect(readFileSync(built.wasm ?? "", "utf8")).toBe("built");
    }
  });

  it("is built by the workbench when the script only calls a build tool of this kind", async () => {
    const dir = project({ "package.json": { scripts: { build: "alga build" } }, "src/index.js": HANDLER });
    const built = await buildProject({ dir, engine: "quickjs" });
    expect(built.stages.map((stage) => stage.name)).toContain("component");
  });

  it("has its UI built by build:ui", async () => {
    const script = node(
      "fs.mkdirSync('dist/ui',{recursive:true});fs.writeFileSync('dist/ui/index.html','page')",
    );
    const dir = project({
      "manifest.json": { ...MANIFEST, api: undefined, ui: { type: "iframe", entry: "ui/index.html" } },
      "package.json": { scripts: { "build:ui": script } },
      "ui/index.html": "source",
    });
    expect((await buildProject({ dir })).ui).toBe(join(dir, "dist", "ui"));
  });

  it("fails with the end of the script's output", async () => {
    const script = node("console.log('one');console.error('\\u001b[31mtwo');process.exit(3)");
    const error = await failing({ "package.json": { scripts: { build: script } } });
    expect(error).toMatchObject({ code: "script_failed", details: { script: "build", exit_code: 3 } });
    expect(error.details?.["output"]).toEqual(expect.arrayContaining(["one", "two"]));
  });

  it("fails when the script leaves no component", async () => {
    expect(await failing({ "package.json": { scripts: { build: node("0") } } })).toMatchObject({
      code: "output_missing",
    });
  });

  it("needs its packages first", async () => {
    const error = await failing({
      "package.json": { scripts: { build: copy("main.wasm") }, devDependencies: { esbuild: "1" } },
    });
    expect(error).toMatchObject({ code: "dependencies_missing", details: { missing: ["esbuild"] } });
  });

  it.skipIf(process.platform === "win32")("takes what the script started down with it", async () => {
    const script = node("console.log('up '+process.pid);setInterval(()=>{},1000)");
    const dir = project({ "package.json": { scripts: { build: script } } });
    const controller = new AbortController();
    let pid = 0;
    const build = buildProject({
      dir,
      signal: controller.signal,
      onOutput: (line) => {
        pid = Number(/up (\d+)/.exec(line)?.[1]);
        controller.abort();
      },
    });
    expect(await rejection(build)).toMatchObject({ code: "build_cancelled" });
    expect(pid).toBeGreaterThan(0);
    await vi.waitFor(() => expect(isRunning(pid)).toBe(false));
  });
});

/** A process that ended and that nobody has waited for yet does not run any more. */
function isRunning(pid: number): boolean {
  try {
    const state = execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
    return !state.trim().startsWith("Z");
  } catch {
    return false;
  }
}

describe("a project's own wit/ folder", () => {
  it("is passed over with a warning when it is no valid WIT", async () => {
    const dir = project({
      "src/index.js": HANDLER,
      "wit/world.wit": "package a:b;\nrecord loose { a: string }\nworld runner {}\n",
    });
    const built = await buildProject({ dir, engine: "quickjs" });
    expect(built.warnings).toMatchObject([expect.stringContaining("wit/ is not used")]);
  });

  it("is used when it declares the world", async () => {
    const dir = project({ "src/index.js": HANDLER, "wit/world.wit": await worldText() });
    expect((await buildProject({ dir, engine: "quickjs" })).warnings).toBeUndefined();
  });
});
