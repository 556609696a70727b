import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inspectBundle } from "../../../core/bundle/index.ts";
import { buildProject, createProject, packProject, TEMPLATES } from "../../../core/bundle/project/index.ts";
import { tempFolder } from "../../support/temp.ts";
import { rejection } from "./folder.ts";
import { startGuest } from "./guest.ts";

const NAME = "com.acme.first-one";

describe("createProject", () => {
  it.each(TEMPLATES)(
    "makes a %s project that builds and packs from nothing, without an installation",
    async (template) => {
      const dir = join(tempFolder(), "made");
      const created = await createProject({ dir, name: NAME, template });
      expect(created).toMatchObject({ path: dir, name: NAME });
      expect(created.files).toEqual(
        expect.arrayContaining([
          "README.md",
          "manifest.json",
          "package.json",
          "tsconfig.json",
          ".gitignore",
          "workbench.json",
        ]),
      );
      for (const file of created.files)
        expect(readFileSync(join(dir, file), "utf8"), file).not.toMatch(/__[A-Z_]+__/);

      const built = await buildProject({ dir, engine: "quickjs" });
      expect("wasm" in built).toBe(template !== "ui");
      expect("ui" in built).toBe(template !== "handler");
      const packed = await packProject({ dir });
      const inspection = await inspectBundle(new Uint8Array(readFileSync(packed.path)));
      expect(inspection.warnings).toEqual([]);
      expect(packed.content_hash).toMatch(/^sha256:[0-9a-f]{64}$/);
      if (built.wasm === undefined) return;
      expect(built.warnings?.join()).toContain("stand-in");
      const guest = await startGuest(built.wasm);
      if (template === "handler") {
        expect(JSON.parse((await guest.call("GET", "/hello")).text)).toMatchObject({ tenant: "tenant-1" });
        expect((await guest.call("POST", "/notes", "remember")).status).toBe(201);
        expect(JSON.parse((await guest.call("GET", "/notes")).text)).toEqual({
          notes: [{ key: "000001", text: "remember" }],
        });
        expect(JSON.parse((await guest.call("GET", "/secret")).text)).toEqual({ configured: true });
      } else {
        await guest.call("POST", "/visits");
        expect(JSON.parse((await guest.call("POST", "/visits")).text)).toEqual({
          visits: 2,
          visitor: "Ursula User",
        });
      }
    },
  );

  it("uses an empty folder that is there", async () => {
    const dir = tempFolder();
    await createProject({ dir, name: NAME, template: "ui" });
    expect(JSON.parse(readFileSync(join(dir, "manifest.json"), "utf8")).name).toBe(NAME);
  });

  it("refuses a folder with anything in it and leaves it as it was", async () => {
    const dir = tempFolder();
    writeFileSync(join(dir, "mine.txt"), "keep");
    expect(await rejection(createProject({ dir, name: NAME, template: "ui" }))).toMatchObject({
      code: "directory_not_empty",
    });
    expect(readdirSync(dir)).toEqual(["mine.txt"]);
  });

  it("refuses a path that is a file", async () => {
    const file = join(tempFolder(), "file");
    writeFileSync(file, "keep");
    expect(await rejection(createProject({ dir: file, name: NAME, template: "ui" }))).toMatchObject({
      code: "directory_not_empty",
    });
  });

  it.each([
    "",
    "hello",
    "Com.Acme.Hello",
    "com.acme.",
    "com..acme",
    "../evil",
    "com.acme/x",
    "com.acme.<b>",
    "com.acme.\u202e",
  ])("refuses the name %j before it touches the disk", async (name) => {
    const dir = join(tempFolder(), "made");
    expect(await rejection(createProject({ dir, name, template: "handler" }))).toMatchObject({
      code: "invalid_name",
    });
    expect(existsSync(dir)).toBe(false);
  });

  it.each(["nothing", "../ui", "shared", "constructor"])("refuses the template %j", async (template) => {
    const dir = join(tempFolder(), "made");
    // The command line's own check is not the only caller: the window sends text.
    const options = { dir, name: NAME, template: template as "ui" };
    expect(await rejection(createProject(options))).toMatchObject({ code: "unknown_template" });
    expect(existsSync(dir)).toBe(false);
  });

  it("leaves nothing half-made when the folder cannot be put into place", async () => {
    const parent = tempFolder();
    const dir = join(parent, "made");
    const slow = createProject({ dir, name: NAME, template: "full" });
    mkdirSync(dir);
    writeFileSync(join(dir, "filled-meanwhile.txt"), "keep");
    await rejection(slow);
    expect(readdirSync(parent)).toEqual(["made"]);
    expect(readdirSync(dir)).toEqual(["filled-meanwhile.txt"]);
  });
});

describe("template pages", () => {
  it.each(["ui", "full"])(
    "the %s template obeys a content policy of 'self' without inline code",
    async (template) => {
      const dir = join(tempFolder(), "made");
      await createProject({ dir, name: NAME, template: template === "ui" ? "ui" : "full" });
      const page = readFileSync(join(dir, "ui", "index.html"), "utf8");
      expect(page).not.toMatch(/<script(?![^>]*\ssrc=)/);
      expect(page).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:|https?:/);
    },
  );
});
