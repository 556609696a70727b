import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { Problem } from "../../../renderer/state/bottom-panel.ts";
import { createProjectSessions } from "../../../renderer/state/project/project-session.ts";
import { createProjectWorkspace } from "../../../renderer/state/project/project-workspace.ts";
import { createMemoryStorage } from "../storage.ts";
import { createManualTimers } from "../timers.ts";
import { createDisk, createMemoryDrafts, createProjectHost } from "./disk.ts";

const FILES = { "manifest.json": "{}", "a.ts": "one", "b.ts": "b" };

function workspaceOfTest(
  disk = createDisk(FILES),
  storage = createMemoryStorage(),
  drafts = createMemoryDrafts(),
  browser = storage,
) {
  const host = createProjectHost(disk);
  const timers = createManualTimers();
  const problems = new Map<string, readonly Omit<Problem, "source">[]>();
  const announced: unknown[] = [];
  const workspace = createProjectWorkspace({
    api: host.api,
    drafts,
    sessions: createProjectSessions({ tab: storage, browser }),
    timers,
    report: (source, found) => void problems.set(source, found),
    announce: (project) => void announced.push(project),
  });
  const open = () => workspace.documents.get().open.map(({ path, status }) => `${path} ${status}`);
  const start = async (): Promise<void> => {
    onTestFinished(workspace.start());
    await vi.waitFor(() => expect(workspace.tree.get().data).toBeDefined());
    await vi.waitFor(() => expect(open().some((one) => one.endsWith("loading"))).toBe(false));
    // The findings follow the files: once they are there, entering is done.
    await vi.waitFor(() => expect(timers.waiting.length).toBeGreaterThan(0));
  };
  return { ...host, disk, storage, drafts, timers, workspace, problems, announced, open, start };
}

describe("a project in the window", () => {
  it("shows the manifest of a project that was never open here", async () => {
    const test = workspaceOfTest();
    await test.start();
    expect(test.open()).toEqual(["manifest.json ready"]);
    expect(test.announced.at(-1)).toEqual({ dir: "/p", name: "/p", unsaved: 0 });
  });

  it("has the same files open after a reload, with what was typed before a crash", async () => {
    const before = workspaceOfTest();
    await before.start();
    await before.workspace.show("a.ts", 3);
    before.workspace.documents.edit("a.ts", "one more");
    expect(before.workspace.reveal.get()).toMatchObject({ path: "a.ts", line: 3 });
    before.timers.elapse();
    await vi.waitFor(() => expect(before.drafts.kept["/p"]).toHaveLength(1));

    const after = workspaceOfTest(before.disk, before.storage, before.drafts);
    await after.start();
    expect(after.workspace.documents.get().active).toBe("a.ts");
    expect(after.workspace.documents.find("a.ts")?.text).toBe("one more");
    expect(after.announced.at(-1)).toMatchObject({ unsaved: 1 });
    await after.workspace.documents.saveAll();
    await after.workspace.flush();
    expect(after.drafts.kept["/p"]).toEqual([]);
  });

  it("has files open of its own in each tab, and a new tab begins with what was open last", async () => {
    const browser = createMemoryStorage();
    const tab = async (storage = createMemoryStorage()) => {
      const test = workspaceOfTest(undefined, storage, undefined, browser);
      await test.start();
      return test;
    };
    const one = await tab();
    await one.workspace.show("a.ts");
    const other = await tab();
    expect(other.open()).toEqual(["manifest.json ready", "a.ts ready"]);
    await other.workspace.show("b.ts");
    expect((await tab(one.storage)).open()).toEqual(["manifest.json ready", "a.ts ready"]);
    expect((await tab(other.storage)).open()).toEqual(["manifest.json ready", "a.ts ready", "b.ts ready"]);
  });

  it("keeps drafts when another project is opened, and drops them only when told to", async () => {
    const test = workspaceOfTest();
    await test.start();
    await test.workspace.show("a.ts");
    test.workspace.documents.edit("a.ts", "typed");
    await test.workspace.open("/other");
    expect(test.drafts.kept["/p"]).toMatchObject([{ path: "a.ts", text: "typed" }]);
    await test.workspace.open("/p");
    expect(test.workspace.documents.find("a.ts")?.text).toBe("typed");
    await test.workspace.close(true);
    expect(test.drafts.kept["/p"]).toEqual([]);
    expect(test.workspace.documents.get().open).toEqual([]);
    expect(test.disk.texts.get("a.ts")).toBe("one");
  });

  it("follows a change on disk with files, tree, findings and types", async () => {
    const test = workspaceOfTest();
    await test.start();
    await test.workspace.show("a.ts");
    test.disk.texts.set("a.ts", "theirs").set("new.ts", "");
    test.state.findings = [
      {
        source: "manifest",
        severity: "error",
        message: "no name",
        path: "manifest.json",
        line: 1,
        column: 1,
      },
      { source: "build", severity: "error", message: "again", path: "a.ts", line: 2, column: 1, code: "TS1" },
      { source: "build", severity: "error", message: "no component" },
    ];
    test.state.typed = [
      { source: "types", severity: "error", message: "x", path: "a.ts", line: 2, column: 1, code: "TS1" },
    ];
    test.tell({ kind: "changed", dir: "/p", paths: ["a.ts", "new.ts"] });
    test.timers.elapse();
    await vi.waitFor(() => expect(test.workspace.documents.find("a.ts")?.text).toBe("theirs"));
    await vi.waitFor(() => expect(test.workspace.tree.get().data?.entries).toHaveLength(4));
    await vi.waitFor(() => expect(test.timers.waiting.length).toBeGreaterThan(0));
    test.timers.elapse();
    await vi.waitFor(() => expect(test.problems.get("types")).toMatchObject([{ file: "a.ts", line: 2 }]));
    expect(test.problems.get("manifest")).toMatchObject([{ file: "manifest.json", message: "no name" }]);
    // What the check of types said already is not said again by the build.
    await vi.waitFor(() => expect(test.problems.get("build")).toMatchObject([{ message: "no component" }]));
  });

  it("reports what calls would be refused for as policy, and settings that the editor cannot read", async () => {
    const test = workspaceOfTest();
    await test.start();
    test.state.findings = [
      {
        source: "policy",
        severity: "warning",
        code: "capability_not_requested",
        message: "No.",
        path: "a.ts",
        line: 2,
      },
    ];
    test.tell({ kind: "built", dir: "/p", paths: [] });
    await vi.waitFor(() =>
      expect(test.problems.get("policy")).toMatchObject([
        { file: "a.ts", line: 2, code: "capability_not_requested" },
      ]),
    );
    expect(test.problems.get("manifest")).toEqual([]);
    test.api.types = async () => ({
      declarations: [],
      runtime: "workbench",
      sources: [],
      compiler: { fault: "tsconfig.json:1:1 TS1005" },
    });
    await test.workspace.typeSources(new AbortController().signal);
    expect(test.problems.get("types")).toMatchObject([
      { file: "tsconfig.json", code: "tsconfig_unreadable" },
    ]);
  });

  it("leaves a project that another window closed", async () => {
    const test = workspaceOfTest();
    await test.start();
    test.state.dir = undefined;
    test.tell({ kind: "closed", dir: "/p", paths: [] });
    await vi.waitFor(() => expect(test.workspace.project.get().data?.project).toBeUndefined());
    await vi.waitFor(() => expect(test.open()).toEqual([]));
    expect(test.announced.at(-1)).toBeUndefined();
  });

  it("closes a deleted file and forgets its draft", async () => {
    const test = workspaceOfTest();
    await test.start();
    await test.workspace.show("a.ts");
    test.workspace.documents.edit("a.ts", "typed");
    await test.workspace.flush();
    await test.workspace.remove("a.ts");
    await test.workspace.flush();
    expect(test.drafts.kept["/p"]).toEqual([]);
    expect(test.open()).toEqual(["manifest.json ready"]);
  });
});
