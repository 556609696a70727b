import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { describe, expect, it } from "vitest";
import { createSbom, inspectBundle, packArchive } from "../../core/bundle/index.ts";
import { manifestSchema } from "../../core/contract/manifest.ts";
import { text } from "../support/bytes.ts";
import { tempFolder } from "../support/temp.ts";

const MANIFEST = manifestSchema.parse({
  name: "com.acme.hello",
  version: "1.0.0",
  runtime: "wasm-js@1",
  publisher: "Acme",
  description: "Says hello.",
});

const SHA512 = "A".repeat(86);
const DEPENDENCIES = { "@acme/tools": "^1.0.0", left: "^2.0.0", local: "file:packages/local" };

/** `@acme/tools` brings its own, older `left`; `dev-tool` is for development; `absent` is optional and not there. */
const LOCKED = {
  "": { name: "hello", dependencies: DEPENDENCIES, devDependencies: { "dev-tool": "1" } },
  "node_modules/@acme/tools": {
    version: "1.2.3",
    resolved: "https://registry.internal.example/@acme/tools/-/tools-1.2.3.tgz",
    integrity: `sha512-${SHA512}== sha1-qqqqqqqqqqqqqqqqqqqqqqqqqqo=`,
    license: "MIT OR Apache-2.0",
    dependencies: { left: "^1.0.0" },
    optionalDependencies: { absent: "1" },
    peerDependencies: { right: "*", "peer-absent": "*" },
  },
  "node_modules/@acme/tools/node_modules/left": { version: "1.9.0", license: "MIT" },
  "node_modules/left": { version: "2.0.1", license: "SEE LICENSE IN FILE", dependencies: { right: "1" } },
  "node_modules/right": {
    version: "3.0.0",
    optional: true,
    resolved: "git+ssh://git:secret@host.example/right.git#abc",
  },
  "node_modules/local": { resolved: "packages/local", link: true },
  "packages/local": { name: "local", version: "0.1.0", dependencies: { right: "*" } },
  "node_modules/dev-tool": { version: "9.9.9", dev: true },
};

interface Project {
  dependencies?: Record<string, string>;
  lock?: unknown;
  lockName?: string;
}

function project({ dependencies = DEPENDENCIES, lock, lockName = "package-lock.json" }: Project): string {
  const folder = tempFolder();
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "hello", dependencies }));
  if (lock !== undefined)
    writeFileSync(join(folder, lockName), typeof lock === "string" ? lock : JSON.stringify(lock));
  return folder;
}

const RIGHT = "pkg:npm/right@3.0.0?vcs_url=git%2Bssh%3A%2F%2Fhost.example%2Fright.git%23abc";

const LOCK = { name: "hello", lockfileVersion: 3, packages: LOCKED };

async function sbomOf(folder: string) {
  const written = await createSbom(folder, MANIFEST);
  expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(written)).toBeNull();
  return JSON.parse(written);
}

describe("the bill of materials of a project", () => {
  it("is strict CycloneDX 1.6 with the production packages of the lock file", async () => {
    const bom = await sbomOf(project({ lock: LOCK }));
    expect(bom).toMatchObject({ bomFormat: "CycloneDX", specVersion: "1.6", version: 1 });
    expect(bom.metadata.component).toMatchObject({
      type: "application",
      name: "com.acme.hello",
      version: "1.0.0",
      publisher: "Acme",
    });
    expect(bom.components.map((component: { purl: string }) => component.purl).sort()).toEqual([
      "pkg:npm/%40acme/tools@1.2.3",
      "pkg:npm/left@1.9.0",
      "pkg:npm/left@2.0.1",
      "pkg:npm/local@0.1.0",
      RIGHT,
    ]);
  });

  it("says for each package its hashes, its licence and whether it is optional", async () => {
    const { components } = await sbomOf(project({ lock: LOCK }));
    const named = (name: string, version: string) =>
      components.find(
        (component: { name: string; version: string }) =>
          component.name === name && component.version === version,
      );
    expect(named("tools", "1.2.3")).toMatchObject({
      group: "@acme",
      scope: "required",
      licenses: [{ expression: "MIT OR Apache-2.0" }],
      hashes: [
        { alg: "SHA-1", content: "aa".repeat(20) },
        { alg: "SHA-512", content: "0".repeat(128) },
      ],
    });
    expect(named("left", "1.9.0").licenses).toEqual([{ license: { id: "MIT" } }]);
    expect(named("left", "2.0.1").licenses).toEqual([{ license: { name: "SEE LICENSE IN FILE" } }]);
    expect(named("right", "3.0.0").scope).toBe("optional");
  });

  it("says who needs whom, as Node resolves it: nested before hoisted, links followed", async () => {
    const { dependencies } = await sbomOf(project({ lock: LOCK }));
    const graph = Object.fromEntries(
      dependencies.map((node: { ref: string; dependsOn?: string[] }) => [node.ref, node.dependsOn ?? []]),
    );
    expect(graph).toMatchObject({
      "com.acme.hello@1.0.0": ["pkg:npm/%40acme/tools@1.2.3", "pkg:npm/left@2.0.1", "pkg:npm/local@0.1.0"],
      "pkg:npm/%40acme/tools@1.2.3": ["pkg:npm/left@1.9.0", RIGHT],
      "pkg:npm/left@1.9.0": [],
      "pkg:npm/left@2.0.1": [RIGHT],
      "pkg:npm/local@0.1.0": [RIGHT],
    });
  });

  it("is the same text in another folder and at another time, and names no registry and no credential", async () => {
    const folder = project({ lock: LOCK });
    const copy = join(tempFolder(), "elsewhere");
    mkdirSync(copy);
    cpSync(folder, copy, { recursive: true });
    const first = await createSbom(folder, MANIFEST);
    expect(await createSbom(copy, MANIFEST)).toBe(first);
    expect(first).not.toMatch(/timestamp|serialNumber|registry|secret/);
  });

  it("names what the build embeds, such as the engine", async () => {
    const engine = { name: "starlingmonkey", version: "0.23.0" };
    const bom = JSON.parse(await createSbom(project({ dependencies: {} }), MANIFEST, { embedded: [engine] }));
    expect(bom.components).toMatchObject([{ type: "framework", ...engine }]);
    expect(bom.dependencies[0]).toEqual({
      ref: "com.acme.hello@1.0.0",
      dependsOn: ["starlingmonkey@0.23.0"],
    });
  });

  it("is recognised when the bundle that carries it is inspected", async () => {
    const archive = await packArchive([
      {
        path: "manifest.json",
        bytes: text(JSON.stringify({ ...MANIFEST, ui: { type: "iframe", entry: "ui/a.html" } })),
      },
      { path: "ui/a.html", bytes: text("<p>") },
      { path: "sbom.cdx.json", bytes: text(await createSbom(project({ lock: LOCK }), MANIFEST)) },
    ]);
    const { sbom, warnings } = await inspectBundle(archive);
    expect(sbom).toEqual({ path: "sbom.cdx.json", format: "cyclonedx", spec_version: "1.6", components: 5 });
    expect(warnings).toEqual([]);
  });

  it("holds nothing but the extension when the project has no dependencies or no package.json", async () => {
    expect((await sbomOf(project({ dependencies: {} }))).components).toEqual([]);
    expect((await sbomOf(tempFolder())).components).toEqual([]);
  });

  it("reads npm-shrinkwrap.json before package-lock.json, and lock files of version 2", async () => {
    const folder = project({ lock: "{ broken" });
    writeFileSync(join(folder, "npm-shrinkwrap.json"), JSON.stringify({ ...LOCK, lockfileVersion: 2 }));
    expect((await sbomOf(folder)).components).toHaveLength(5);
  });

  it("collapses one package in two places into one component", async () => {
    const packages = {
      "": { dependencies: { a: "1", b: "1" } },
      "node_modules/a": { version: "1.0.0", dependencies: { c: "1" } },
      "node_modules/b": { version: "1.0.0", dependencies: { c: "1" } },
      "node_modules/a/node_modules/c": { version: "1.0.0" },
      "node_modules/b/node_modules/c": { version: "1.0.0" },
    };
    const bom = await sbomOf(
      project({ dependencies: { a: "1", b: "1" }, lock: { lockfileVersion: 3, packages } }),
    );
    expect(bom.components).toHaveLength(3);
  });

  it("survives packages that need one another", async () => {
    const packages = {
      "": { dependencies: { a: "1" } },
      "node_modules/a": { version: "1.0.0", dependencies: { b: "1" } },
      "node_modules/b": { version: "1.0.0", dependencies: { a: "1" } },
    };
    const bom = await sbomOf(project({ dependencies: { a: "1" }, lock: { lockfileVersion: 3, packages } }));
    expect(bom.components).toHaveLength(2);
  });
});

describe("a bill of materials is refused", () => {
  it.each<[string, string, Project]>([
    ["lock_file_missing", "without a lock file", {}],
    ["lock_file_invalid", "over a lock file that is not JSON", { lock: "{" }],
    [
      "lock_file_invalid",
      "over the lock file of an old npm",
      { lock: { lockfileVersion: 1, dependencies: {} } },
    ],
    [
      "lock_file_invalid",
      "over a malformed lock file",
      { lock: { lockfileVersion: 3, packages: { "": 1 } } },
    ],
    [
      "lock_file_invalid",
      "over a lock file without the project",
      { lock: { lockfileVersion: 3, packages: {} } },
    ],
    [
      "lock_file_invalid",
      "over a lock file older than package.json",
      { dependencies: { ...DEPENDENCIES, more: "1" }, lock: LOCK },
    ],
    [
      "lock_file_invalid",
      "over a lock file that lacks a package",
      {
        dependencies: { a: "1" },
        lock: { lockfileVersion: 3, packages: { "": { dependencies: { a: "1" } } } },
      },
    ],
  ])("with %s %s", async (code, _what, parts) => {
    await expect(createSbom(project(parts), MANIFEST)).rejects.toMatchObject({ code });
  });
});
