import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { ProjectFileError, type ProjectFileErrorCode } from "../../core/project/index.ts";
import { MANIFEST, openProject, projectsOfTest } from "./fixture.ts";

const failing = (code: ProjectFileErrorCode) => (error: unknown) =>
  error instanceof ProjectFileError && error.code === code;

describe("opening a project", () => {
  it("refuses what is no project, and makes it one when asked", async () => {
    const { projects, home } = projectsOfTest();
    mkdirSync(join(home, "plain"));
    await expect(projects.open(join(home, "plain"))).rejects.toSatisfy(failing("manifest_missing"));
    await expect(projects.open(join(home, "nowhere"))).rejects.toSatisfy(failing("folder_missing"));
    await expect(projects.open("relative")).rejects.toSatisfy(failing("folder_refused"));
    expect(projects.current()).toBeUndefined();
    await expect(projects.tree()).rejects.toSatisfy(failing("no_project"));
    await expect(projects.adopt({ dir: "~/plain", name: "Not A Name" })).rejects.toSatisfy(
      failing("name_invalid"),
    );
    await projects.adopt({ dir: "~/plain", name: "com.acme.plain" });
    expect(projects.current()?.name).toBe("com.acme.plain");
    expect(await projects.findings()).toEqual([]);
    await expect(projects.adopt({ dir: "~/plain", name: "com.acme.plain" })).rejects.toSatisfy(
      failing("file_exists"),
    );
  });

  it("creates one from a template and finds no fault with it", async () => {
    const { projects } = projectsOfTest();
    await projects.create({ dir: "~/made", name: "com.acme.made", template: "full" });
    expect(projects.current()?.name).toBe("com.acme.made");
    expect(await projects.findings()).toEqual([]);
    expect(await projects.checkTypes(new AbortController().signal)).toEqual([]);
  });

  it("opens again what was open, and remembers what was before it", async () => {
    const fixture = projectsOfTest();
    const dir = await openProject(fixture);
    await fixture.projects.create({ dir: "~/second", name: "com.acme.second", template: "handler" });
    const next = fixture.again();
    await next.restore();
    expect(next.current()?.name).toBe("com.acme.second");
    rmSync(dir, { recursive: true });
    const { recent } = await next.state();
    expect(recent.map(({ name, exists }) => [name, exists])).toEqual([
      ["com.acme.second", true],
      ["com.acme.files", false],
    ]);
    next.forget(dir);
    next.close();
    const last = fixture.again();
    await last.restore();
    expect(last.current()).toBeUndefined();
    expect((await last.state()).recent).toHaveLength(1);
  });
});

describe("an open project", () => {
  it("tells of changes that others make, and of its own writes once", async () => {
    const fixture = projectsOfTest();
    const dir = await openProject(fixture, { "a.ts": "0" });
    const touched = () =>
      fixture.changes.filter(({ kind }) => kind === "changed").flatMap(({ paths }) => paths);
    // The watch begins some time after the opening: it is there when it notices.
    await vi.waitFor(
      () => {
        writeFileSync(join(dir, "theirs.ts"), String(performance.now()));
        expect(touched()).toContain("theirs.ts");
      },
      { timeout: 10_000, interval: 250 },
    );
    const { revision } = await fixture.projects.read("a.ts");
    await fixture.projects.write({ path: "a.ts", text: "1", revision });
    writeFileSync(join(dir, "later.ts"), "");
    await vi.waitFor(() => expect(touched()).toContain("later.ts"), { timeout: 10_000 });
    expect(touched().filter((path) => path === "a.ts")).toHaveLength(1);
    writeFileSync(join(dir, "a.ts"), "theirs");
    await vi.waitFor(() => expect(touched().filter((path) => path === "a.ts")).toHaveLength(2), {
      timeout: 10_000,
    });
  });

  it("ends its stream of changes with the one who follows", async () => {
    const fixture = projectsOfTest();
    const stop = new AbortController();
    const kinds: string[] = [];
    const following = (async () => {
      for await (const batch of fixture.projects.follow(stop.signal))
        kinds.push(...batch.map(({ kind }) => kind));
    })();
    await openProject(fixture);
    fixture.projects.close();
    await vi.waitFor(() => expect(kinds).toEqual(["opened", "closed"]));
    stop.abort();
    await following;
  });

  it("finds what is wrong with manifest and settings with its line, and what a build found", async () => {
    const fixture = projectsOfTest();
    await openProject(fixture, {
      "manifest.json": MANIFEST.replace("wasm-js@1", "other").replaceAll(",", ",\n"),
      "workbench.json": '{\n  "engine": "v8"\n}',
    });
    fixture.projects.reportBuild([
      { source: "build", severity: "error", message: "no", path: "src/a.ts", line: 3 },
    ]);
    const findings = await fixture.projects.findings();
    expect(findings.map(({ source, path, line }) => [source, path, line])).toEqual([
      ["manifest", "manifest.json", 3],
      ["settings", "workbench.json", 2],
      ["build", "src/a.ts", 3],
    ]);
    expect(fixture.changes.at(-1)?.kind).toBe("built");
  });

  it("finds what calls would be refused for, with the line in source and manifest", async () => {
    const fixture = projectsOfTest();
    const manifest = JSON.stringify(
      {
        ...JSON.parse(MANIFEST),
        capabilities: ["cap:http.fetch"],
        api: { endpoints: [{ method: "GET", path: "/a", handler: "a" }] },
      },
      null,
      2,
    );
    await openProject(fixture, {
      "manifest.json": manifest,
      "src/handler.ts": [
        'import type { StorageEntry } from "alga:extension/storage";',
        "// host.scheduler is not used yet",
        "export async function handler(request, host) {",
        "  await host.storage.get('a', 'b');",
        "}",
      ].join("\n"),
    });
    const line = manifest.split("\n").findIndex((text) => text.includes("cap:http.fetch")) + 1;
    const found = (await fixture.projects.findings()).filter(({ source }) => source === "policy");
    expect(found).toMatchObject([
      { code: "capability_not_requested", path: "src/handler.ts", line: 4, column: 9 },
      { code: "capability_not_used", path: "manifest.json", line },
    ]);
    rmSync(join(fixture.home, "files", "src"), { recursive: true });
    expect(await fixture.projects.findings()).toContainEqual(
      expect.objectContaining({ source: "policy", code: "endpoint_without_handler", path: "manifest.json" }),
    );
  });

  it("gives an editor the project's own compiler settings, or says why it cannot", async () => {
    const fixture = projectsOfTest();
    const dir = await openProject(fixture, { "src/index.ts": "export {};" });
    expect((await fixture.projects.typeSources()).compiler).toEqual({});
    writeFileSync(join(dir, "tsconfig.base.json"), '{ "compilerOptions": { "strict": false } }');
    writeFileSync(
      join(dir, "tsconfig.json"),
      '{ "extends": "./tsconfig.base.json", "compilerOptions": { "noUnusedLocals": true } }',
    );
    expect((await fixture.projects.typeSources()).compiler.options).toMatchObject({
      strict: false,
      noUnusedLocals: true,
    });
    writeFileSync(join(dir, "tsconfig.json"), '{ "compilerOptions": { "target": "ES1" } }');
    expect((await fixture.projects.typeSources()).compiler).toEqual({
      fault: expect.stringMatching(/^tsconfig\.json:1:\d+ TS6046/),
    });
  });

  it("hears of a broken type with its line", async () => {
    const fixture = projectsOfTest();
    await openProject(fixture, {
      "src/handler.ts": 'export const n: number = "x";\nexport const handler = () => n;\n',
    });
    const findings = await fixture.projects.checkTypes(new AbortController().signal);
    expect(findings).toMatchObject([{ source: "types", code: "TS2322", line: 1 }]);
  });

  it("gives an editor the host's types, the project's own runtime before the workbench's", async () => {
    const fixture = projectsOfTest();
    const dir = await openProject(fixture, { "src/a.ts": "export const a = 1;", "ui/main.js": "" });
    const shipped = await fixture.projects.typeSources();
    expect(shipped.runtime).toBe("workbench");
    expect(shipped.sources).toEqual([{ path: "src/a.ts", text: "export const a = 1;" }]);
    expect(shipped.declarations.map(({ text }) => text).join()).toContain("alga:extension/storage");
    const home = join(dir, "node_modules", "@alga-psa", "extension-runtime");
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, "package.json"), '{"types": "own.d.ts"}');
    writeFileSync(join(home, "own.d.ts"), "export const own: true;");
    const own = await fixture.projects.typeSources();
    expect(own.runtime).toBe("project");
    expect(own.declarations[0]?.text).toBe("export const own: true;");
  });
});

describe("the list of folders", () => {
  it("shows the home and what is below it, hidden ones left out, and nothing above", async () => {
    const { projects, home } = projectsOfTest();
    mkdirSync(join(home, "work", "inner"), { recursive: true });
    mkdirSync(join(home, ".secret"));
    writeFileSync(join(home, "work", "manifest.json"), MANIFEST);
    const top = await projects.folders(undefined);
    expect(top.folders.map(({ name, is_project }) => [name, is_project])).toEqual([["work", true]]);
    expect(top.parent).toBeUndefined();
    const inner = await projects.folders(join(home, "work"));
    expect(inner).toMatchObject({ is_project: true, parent: top.dir });
    await expect(projects.folders("/")).rejects.toSatisfy(failing("folder_refused"));
    await expect(projects.folders(join(home, "work", "..", ".."))).rejects.toSatisfy(
      failing("folder_refused"),
    );
    await expect(projects.folders(join(home, "gone"))).rejects.toSatisfy(failing("folder_unreadable"));
  });
});
