import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { ProjectFileError, type ProjectFileErrorCode } from "../../core/project/index.ts";
import { openProject, projectsOfTest } from "./fixture.ts";

const failing = (code: ProjectFileErrorCode) => (error: unknown) =>
  error instanceof ProjectFileError && error.code === code;

describe("the files of an open project", () => {
  it("are read with a revision, and written over it with the file's mode kept", async () => {
    const fixture = projectsOfTest();
    const dir = await openProject(fixture, { "run.sh": "one\n" });
    chmodSync(join(dir, "run.sh"), 0o755);
    const read = await fixture.projects.read("run.sh");
    expect(read.text).toBe("one\n");
    const written = await fixture.projects.write({ path: "run.sh", text: "two\n", revision: read.revision });
    expect(readFileSync(join(dir, "run.sh"), "utf8")).toBe("two\n");
    expect(statSync(join(dir, "run.sh")).mode & 0o777).toBe(0o755);
    expect((await fixture.projects.read("run.sh")).revision).toBe(written.revision);
  });

  it("are not overwritten when somebody else has changed, deleted or made them", async () => {
    const fixture = projectsOfTest();
    const dir = await openProject(fixture, { "a.ts": "mine", "b.ts": "b" });
    const [a, b] = [await fixture.projects.read("a.ts"), await fixture.projects.read("b.ts")];
    writeFileSync(join(dir, "a.ts"), "theirs");
    rmSync(join(dir, "b.ts"));
    const write = (path: string, revision: string | null) =>
      fixture.projects.write({ path, text: "new", revision });
    await expect(write("a.ts", a.revision)).rejects.toSatisfy(failing("file_changed"));
    await expect(write("b.ts", b.revision)).rejects.toSatisfy(failing("file_changed"));
    await expect(write("a.ts", null)).rejects.toSatisfy(failing("file_changed"));
    expect(readFileSync(join(dir, "a.ts"), "utf8")).toBe("theirs");
    await write("b.ts", null);
    expect(readFileSync(join(dir, "b.ts"), "utf8")).toBe("new");
    expect(readdirSync(dir).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  it("lets only one of two windows that save at once win", async () => {
    const fixture = projectsOfTest();
    await openProject(fixture, { "a.ts": "0" });
    const { revision } = await fixture.projects.read("a.ts");
    const both = await Promise.allSettled(
      ["1", "2"].map((text) => fixture.projects.write({ path: "a.ts", text, revision })),
    );
    expect(both.map((one) => one.status)).toEqual(["fulfilled", "rejected"]);
    expect((await fixture.projects.read("a.ts")).text).toBe("1");
  });

  it.each([
    ["../outside.txt", "path_refused"],
    ["src/../../outside.txt", "path_refused"],
    ["/etc/hostname", "path_refused"],
    ["src\\..\\x", "path_refused"],
    ["a\u0000b", "path_refused"],
    [".", "path_refused"],
    [".git/config", "path_refused"],
    ["node_modules/x/index.js", "path_refused"],
    ["link/secret.txt", "path_refused"],
    ["secret-link.txt", "path_refused"],
    ["dangling", "file_missing"],
  ] as const)("never reach %j outside of it", async (path, code) => {
    const fixture = projectsOfTest();
    const dir = await openProject(fixture, { "src/a.ts": "" });
    mkdirSync(join(fixture.home, "elsewhere"));
    writeFileSync(join(fixture.home, "elsewhere", "secret.txt"), "secret");
    symlinkSync(join(fixture.home, "elsewhere"), join(dir, "link"));
    symlinkSync(join(fixture.home, "elsewhere", "secret.txt"), join(dir, "secret-link.txt"));
    await expect(fixture.projects.read(path)).rejects.toSatisfy(failing(code));
    if (code === "file_missing") return;
    await expect(fixture.projects.write({ path, text: "x", revision: null })).rejects.toSatisfy(
      failing(code),
    );
    await expect(fixture.projects.remove(path)).rejects.toSatisfy(failing(code));
    await expect(fixture.projects.rename("src/a.ts", path)).rejects.toSatisfy(failing(code));
    expect(readFileSync(join(fixture.home, "elsewhere", "secret.txt"), "utf8")).toBe("secret");
  });

  it.each([
    ["binary", Uint8Array.of(1, 0, 2), "file_not_text"],
    ["latin1", Uint8Array.of(0x63, 0xe9), "file_not_text"],
    ["huge", new Uint8Array(2 * 1024 * 1024 + 1).fill(97), "file_too_large"],
  ] as const)("say in words why a %s one cannot be edited", async (path, bytes, code) => {
    const fixture = projectsOfTest();
    await openProject(fixture, { [path]: bytes });
    await expect(fixture.projects.read(path)).rejects.toSatisfy(failing(code));
  });

  it("are as they were when the disk is full or read-only, and the message says how to mend it", async (context) => {
    const fixture = projectsOfTest();
    const dir = await openProject(fixture, { "small/a.ts": "" });
    const small = join(dir, "small");
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", small]);
    if (mounted.status !== 0) context.skip("needs the right to mount a small file system (root on Linux)");
    onTestFinished(() => void spawnSync("umount", [small]));
    await fixture.projects.write({ path: "small/a.ts", text: "first", revision: null });
    const { revision } = await fixture.projects.read("small/a.ts");
    const writing = fixture.projects.write({ path: "small/a.ts", text: "x".repeat(200_000), revision });
    await expect(writing).rejects.toMatchObject({
      code: "disk_full",
      message: expect.stringContaining("small/a.ts"),
      hint: expect.stringContaining("Free some space and save again"),
    });
    expect(readdirSync(small)).toEqual(["a.ts"]);
    expect((await fixture.projects.read("small/a.ts")).text).toBe("first");
    spawnSync("mount", ["-o", "remount,ro", small]);
    await expect(
      fixture.projects.write({ path: "small/a.ts", text: "second", revision }),
    ).rejects.toMatchObject({ code: "file_unwritable", details: { reason: "EROFS" } });
    const again = await fixture.projects.read("small/a.ts");
    expect([again.text, again.revision]).toEqual(["first", revision]);
  });

  it("keep a byte order mark and every end of line", async () => {
    const fixture = projectsOfTest();
    await openProject(fixture, { "a.txt": "\ufeffone\r\ntwo\n" });
    const { text, revision } = await fixture.projects.read("a.txt");
    expect(text).toBe("\ufeffone\r\ntwo\n");
    expect((await fixture.projects.write({ path: "a.txt", text, revision })).revision).toBe(revision);
  });

  it("are made, renamed and deleted, and nothing that exists makes way", async () => {
    const fixture = projectsOfTest();
    const dir = await openProject(fixture, { "a.ts": "a" });
    await fixture.projects.make("src/deep/new.ts", "file");
    await fixture.projects.make("docs", "folder");
    await expect(fixture.projects.make("a.ts", "file")).rejects.toSatisfy(failing("file_exists"));
    await expect(fixture.projects.rename("src/deep/new.ts", "a.ts")).rejects.toSatisfy(
      failing("file_exists"),
    );
    await fixture.projects.rename("src/deep", "src/flat");
    await fixture.projects.remove("docs");
    expect(existsSync(join(dir, "src/flat/new.ts"))).toBe(true);
    expect(existsSync(join(dir, "docs"))).toBe(false);
    expect(readFileSync(join(dir, "a.ts"), "utf8")).toBe("a");
    await expect(fixture.projects.remove("gone.ts")).rejects.toSatisfy(failing("file_missing"));
  });

  it("are listed folders first, without what other tools own, and links are not walked through", async () => {
    const fixture = projectsOfTest();
    const dir = await openProject(fixture, {
      "src/a.ts": "abc",
      "node_modules/x/index.js": "",
      ".git/config": "",
      "dist/main.wasm": "",
      ".gitignore": "dist",
    });
    symlinkSync(dir, join(dir, "loop"));
    const { entries, truncated } = await fixture.projects.tree();
    expect(entries.map(({ path }) => path)).toEqual([
      "src",
      "src/a.ts",
      ".gitignore",
      "loop",
      "manifest.json",
    ]);
    expect(entries[1]).toEqual({ path: "src/a.ts", kind: "file", size: 3 });
    expect(truncated).toBe(false);
  });
});
