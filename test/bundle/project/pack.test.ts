import { mkdirSync, readdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { contentHashOf, readArchive } from "../../../core/bundle/index.ts";
import { packProject } from "../../../core/bundle/project/index.ts";
import { MAX_ENTRY_BYTES } from "../../../core/contract/limits.ts";
import { tempFolder } from "../../support/temp.ts";
import { MANIFEST, rejection, writeProject } from "./folder.ts";

const UI = { type: "iframe", entry: "ui/index.html" };
const FILES = {
  "manifest.json": {
    ...MANIFEST,
    ui: UI,
    precompiled: { x86_64: "precompiled/x.cwasm" },
    sbom: "sbom.spdx.json",
  },
  "dist/main.wasm": "component",
  "ui/index.html": "page",
  "ui/deep/style.css": "css",
  "ui/.DS_Store": "litter",
  "precompiled/x.cwasm": "native",
  "sbom.spdx.json": "{}",
  "src/index.js": "not packed",
  "node_modules/x/index.js": "not packed",
};

const project = (files: Record<string, string | object> = FILES) => writeProject(tempFolder(), files);

describe("packProject", () => {
  it("packs the manifest, the component, the UI, what is precompiled and the bill of materials, and nothing else", async () => {
    const dir = project();
    const packed = await packProject({ dir });
    const archive = new Uint8Array(readFileSync(packed.path));
    const inside = await readArchive(archive);
    expect([...inside.keys()]).toEqual([
      "dist/main.wasm",
      "manifest.json",
      "precompiled/x.cwasm",
      "sbom.spdx.json",
      "ui/deep/style.css",
      "ui/index.html",
    ]);
    expect(packed).toEqual({
      path: join(dir, "dist", "bundle.tar.zst"),
      content_hash: contentHashOf(archive),
      size: archive.byteLength,
      files: 6,
    });
    expect(readdirSync(join(dir, "dist")).sort()).toEqual(["bundle.tar.zst", "main.wasm"]);
  });

  it("gives the same bundle for the same files in another folder and on another day", async () => {
    const [first, second] = [await packProject({ dir: project() }), await packProject({ dir: project() })];
    expect(second.content_hash).toBe(first.content_hash);
  });

  it("prefers the UI that a script built", async () => {
    const dir = project({ ...FILES, "dist/ui/index.html": "built" });
    const packed = await packProject({ dir, outFile: join(dir, "elsewhere", "out.tar.zst") });
    const inside = await readArchive(new Uint8Array(readFileSync(packed.path)));
    expect(new TextDecoder().decode(inside.get("ui/index.html"))).toBe("built");
    expect(inside.has("ui/deep/style.css")).toBe(false);
  });

  it("refuses a project that has not been built", async () => {
    const { "dist/main.wasm": _component, ...unbuilt } = FILES;
    expect(await rejection(packProject({ dir: project(unbuilt) }))).toMatchObject({
      code: "component_missing",
    });
  });

  it("refuses links, to files, to folders and in circles", async () => {
    for (const target of ["/etc/passwd", ".", "../src", "nowhere"]) {
      const dir = project();
      symlinkSync(target, join(dir, "ui", "link"));
      expect(await rejection(packProject({ dir })), target).toMatchObject({ code: "file_refused" });
    }
    const dir = project();
    mkdirSync(join(dir, "real"));
    symlinkSync("../real", join(dir, "precompiled", "more"));
    expect(await rejection(packProject({ dir }))).toMatchObject({ code: "file_refused" });
  });

  it("refuses a link in the component's place", async () => {
    const { "dist/main.wasm": _component, ...unbuilt } = FILES;
    const dir = project({ ...unbuilt, "dist/other.wasm": "component" });
    symlinkSync("other.wasm", join(dir, "dist", "main.wasm"));
    expect(await rejection(packProject({ dir }))).toMatchObject({ code: "file_refused" });
  });

  it("refuses a file larger than an entry may be without reading it", async () => {
    const dir = project();
    const huge = join(dir, "ui", "huge.bin");
    writeFileSync(huge, "");
    truncateSync(huge, MAX_ENTRY_BYTES + 1);
    expect(await rejection(packProject({ dir }))).toMatchObject({ code: "bundle_too_large" });
  });

  it("leaves the earlier bundle when it fails", async () => {
    const dir = project({ ...FILES, "dist/bundle.tar.zst": "earlier" });
    symlinkSync("x", join(dir, "ui", "link"));
    await rejection(packProject({ dir }));
    expect(readFileSync(join(dir, "dist", "bundle.tar.zst"), "utf8")).toBe("earlier");
  });
});
