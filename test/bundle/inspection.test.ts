import { createHash } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import {
  contentHashOf,
  createBundleReader,
  type Inspection,
  inspectBundle,
  packArchive,
} from "../../core/bundle/index.ts";
import { MAX_MANIFEST_BYTES } from "../../core/contract/limits.ts";
import { incompressible, text } from "../support/bytes.ts";
import { buildTestComponent, productWit } from "../support/components.ts";
import { rawArchive } from "../support/tar.ts";

const MANIFEST = { name: "com.acme.hello", version: "1.0.0", runtime: "wasm-js@1" };
const HANDLER = `
  import { get } from "alga:extension/secrets";
  export function handler(request) {
    return { status: 200, headers: [], body: new Uint8Array(get("key").length) };
  }`;

let component: Uint8Array;
beforeAll(async () => {
  component = await buildTestComponent({ source: HANDLER, engine: "quickjs", wit: narrowWit() });
});

/** The product's world with nothing to import but secrets. */
function narrowWit(): string {
  return productWit().replace(/^ *import (?!types;|secrets;)[\w-]+;\n/gm, "");
}

const UI = { type: "iframe", entry: "ui/index.html" };

interface Bundle {
  hasComponent?: boolean;
  manifest?: Record<string, unknown>;
  files?: Record<string, string | Uint8Array>;
}

/** A handler-only bundle, with these fields and files on top. */
async function bundle({ manifest = {}, files = {}, hasComponent = true }: Bundle = {}): Promise<Uint8Array> {
  const all: Record<string, string | Uint8Array> = {
    "manifest.json": JSON.stringify({ ...MANIFEST, capabilities: ["secrets.get"], ...manifest }),
    ...(hasComponent ? { "dist/main.wasm": component } : {}),
    ...files,
  };
  return packArchive(
    Object.entries(all).map(([path, content]) => ({
      path,
      bytes: typeof content === "string" ? text(content) : content,
    })),
  );
}

function warnings(inspection: Inspection): string[] {
  return inspection.warnings.map(({ code, file, path }) => [code, file, path].filter(Boolean).join(" "));
}

describe("inspecting a bundle", () => {
  it("answers manifest, hash, size, files with their hashes, and the component's imports and exports", async () => {
    const archive = await bundle({ files: { "ui/index.html": "<p>" } });
    const inspection = await inspectBundle(archive);
    const file = (path: string, bytes: Uint8Array) => ({
      path,
      size: bytes.byteLength,
      sha256: createHash("sha256").update(bytes).digest("hex"),
    });
    expect(inspection).toEqual({
      manifest: { ...MANIFEST, capabilities: ["cap:secrets.get"] },
      content_hash: contentHashOf(archive),
      size: archive.byteLength,
      files: [
        file("dist/main.wasm", component),
        file("manifest.json", text(JSON.stringify({ ...MANIFEST, capabilities: ["secrets.get"] }))),
        file("ui/index.html", text("<p>")),
      ],
      component: {
        imports: expect.arrayContaining(["alga:extension/types", "alga:extension/secrets"]),
        exports: expect.arrayContaining(["handler"]),
      },
      warnings: [],
    });
  });

  it("sorts the files of an archive that other tools packed in any order", async () => {
    const archive = rawArchive(
      { path: "z" },
      { path: "./manifest.json", data: JSON.stringify(MANIFEST) },
      { path: "a" },
    );
    expect((await inspectBundle(archive)).files.map((file) => file.path)).toEqual([
      "a",
      "manifest.json",
      "z",
    ]);
  });

  it("refuses an archive without a manifest, or with one that does not stand", async () => {
    await expect(
      inspectBundle(rawArchive({ path: "hello/manifest.json", data: "{}" })),
    ).rejects.toMatchObject({
      code: "manifest_missing",
    });
    await expect(
      inspectBundle(rawArchive({ path: "manifest.json", data: '{"name":1,}' })),
    ).rejects.toMatchObject({
      code: "manifest_invalid",
    });
    await expect(
      inspectBundle(rawArchive({ path: "manifest.json", data: Uint8Array.of(0x7b, 0xff, 0x7d) })),
    ).rejects.toMatchObject({ code: "manifest_invalid", message: "manifest.json is not UTF-8." });
    const large = rawArchive({ path: "manifest.json", data: incompressible(MAX_MANIFEST_BYTES + 1) });
    await expect(inspectBundle(large)).rejects.toMatchObject({ code: "manifest_too_large" });
  });

  it("names the first problems of a manifest in the message and all of them in the details", async () => {
    const endpoints = Array.from({ length: 8 }, () => ({ method: "X", path: "/", handler: "h" }));
    const archive = rawArchive({
      path: "manifest.json",
      data: JSON.stringify({ ...MANIFEST, api: { endpoints } }),
    });
    const error: unknown = await inspectBundle(archive).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: "manifest_invalid",
      message: expect.stringContaining("And 10 more."),
    });
    expect(error).toHaveProperty("details.problems.length", 15);
    expect(error).toHaveProperty("details.problems.0.path", "$.api.endpoints[0].method");
  });
});

describe("the warnings of an inspection", () => {
  it.each<[string, Bundle, string[]]>([
    ["an unknown field", { manifest: { capabilites: [] } }, ["unknown_field manifest.json $.capabilites"]],
    [
      "a missing UI entry",
      { manifest: { ui: { type: "iframe", entry: "ui/x.html" } } },
      ["ui_entry_missing manifest.json $.ui.entry"],
    ],
    [
      "a missing component entry",
      { manifest: { entry: "dist/other.wasm" } },
      ["entry_missing manifest.json $.entry"],
    ],
    [
      "an entry where no runner looks",
      { manifest: { entry: "dist/b.wasm" }, files: { "dist/b.wasm": "x" } },
      ["entry_elsewhere manifest.json $.entry"],
    ],
    ["a missing SBOM", { manifest: { sbom: "sbom.cdx.json" } }, ["sbom_missing manifest.json $.sbom"]],
    ["an unreadable SBOM", { files: { "sbom.cdx.json": "{}" } }, ["sbom_unreadable sbom.cdx.json"]],
    [
      "a missing precompiled component",
      { manifest: { precompiled: { linux: "precompiled/linux.cwasm" } } },
      ['precompiled_missing manifest.json $.precompiled["linux"]'],
    ],
    [
      "asset patterns of a folder that is not there",
      { manifest: { assets: ["iu/**/*"] } },
      ["asset_matches_nothing manifest.json $.assets[0]"],
    ],
    ["an inner signature", { files: { SIGNATURE: "placeholder" } }, ["inner_signature_ignored SIGNATURE"]],
    ["a name that Windows cannot have", { files: { "ui/aux.js": "" } }, ["path_not_portable ui/aux.js"]],
    [
      "a private key packed by accident",
      { files: { "ui/server.key": "" } },
      ["sensitive_file ui/server.key"],
    ],
    ["an environment file", { files: { ".env.production": "" } }, ["sensitive_file .env.production"]],
  ])("name %s", async (_what, { manifest, files }, expected) => {
    // Without a component, whose decoding takes longer than everything else.
    const ui = {
      manifest: { capabilities: [], ui: UI, ...manifest },
      files: { "ui/index.html": "<p>", ...files },
    };
    expect(warnings(await inspectBundle(await bundle({ ...ui, hasComponent: false })))).toEqual(expected);
  });

  it.each<[string, Bundle, string[]]>([
    [
      "a capability that the component uses and nobody asked for",
      { manifest: { capabilities: [] } },
      ["capability_not_requested dist/main.wasm"],
    ],
    [
      "a capability that the component does not use",
      { manifest: { capabilities: ["secrets.get", "http.fetch", "log.emit"] } },
      ["capability_not_used dist/main.wasm"],
    ],
    [
      "a core module in the component's place",
      { files: { "dist/main.wasm": Buffer.from("0061736d01000000", "hex") } },
      ["component_is_core_module dist/main.wasm"],
    ],
    [
      "something that is not WebAssembly",
      { files: { "dist/main.wasm": "console.log(1)" } },
      ["component_invalid dist/main.wasm"],
    ],
    [
      "a component that exports nothing",
      { manifest: { capabilities: [] }, files: { "dist/main.wasm": Buffer.from("0061736d0d000100", "hex") } },
      ["handler_not_exported dist/main.wasm"],
    ],
  ])("name %s", async (_what, parts, expected) => {
    expect(warnings(await inspectBundle(await bundle(parts)))).toEqual(expected);
  });

  it("say nothing about use when a component imports the whole world, as some toolchains make it", async () => {
    const whole = await buildTestComponent({ source: HANDLER, engine: "quickjs" });
    const inspection = await inspectBundle(await bundle({ files: { "dist/main.wasm": whole } }));
    expect(inspection.component?.imports).toContain("alga:extension/metrics");
    expect(inspection.warnings).toEqual([]);
  });

  it("name imports that no runner offers", async () => {
    const wit =
      "package other:thing; interface x { f: func(); } world w { import x; export handler: func(); }";
    const source = 'import { f } from "other:thing/x"; export function handler() { f(); }';
    const stranger = await buildTestComponent({ source, engine: "quickjs", wit, world: "w" });
    const inspection = await inspectBundle(
      await bundle({ manifest: { capabilities: [] }, files: { "dist/main.wasm": stranger } }),
    );
    expect(inspection.warnings).toMatchObject([
      { code: "import_not_linked", message: "The component imports other:thing/x, which no runner offers." },
    ]);
  });

  it("name a truncated component and say why it does not stand", async () => {
    const half = component.subarray(0, component.byteLength / 2);
    const inspection = await inspectBundle(await bundle({ files: { "dist/main.wasm": half } }));
    expect(inspection.component).toBeUndefined();
    expect(inspection.warnings).toMatchObject([
      { code: "component_invalid", message: expect.stringContaining("unexpected end-of-file") },
    ]);
  });

  it("name endpoints that no component answers, and a bundle with nothing in it", async () => {
    const without = (fields: Record<string, unknown>) =>
      packArchive([{ path: "manifest.json", bytes: text(JSON.stringify({ ...MANIFEST, ...fields })) }]);
    const endpoints = [{ method: "GET", path: "/", handler: "h" }];
    expect(warnings(await inspectBundle(await without({ api: { endpoints } })))).toEqual([
      "component_missing manifest.json $.api.endpoints",
    ]);
    expect(warnings(await inspectBundle(await without({})))).toEqual(["nothing_to_run manifest.json $"]);
  });

  it("say nothing of an extension that is only a user interface", async () => {
    const manifest = {
      ...MANIFEST,
      ui: { type: "iframe", entry: "ui/index.html" },
      assets: ["ui/**/*", "!ui/x"],
    };
    const inspection = await inspectBundle(
      await packArchive([
        { path: "manifest.json", bytes: text(JSON.stringify(manifest)) },
        { path: "ui/index.html", bytes: text("<p>") },
      ]),
    );
    expect(inspection.warnings).toEqual([]);
    expect(inspection).not.toHaveProperty("component");
  });
});

describe("a bill of materials inside", () => {
  const cyclonedx = JSON.stringify({ bomFormat: "CycloneDX", specVersion: "1.6", components: [{}, {}] });
  const spdx = JSON.stringify({ spdxVersion: "SPDX-2.3", packages: [{}] });
  const spdx3 = JSON.stringify({
    "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
    "@graph": [
      { type: "CreationInfo", specVersion: "3.0.1" },
      { type: "software_Package" },
      { type: "Relationship" },
    ],
  });

  it.each<[string, Bundle, unknown]>([
    [
      "CycloneDX",
      { files: { "sbom.cdx.json": cyclonedx } },
      { path: "sbom.cdx.json", format: "cyclonedx", spec_version: "1.6", components: 2 },
    ],
    [
      "SPDX 2",
      { files: { "sbom.spdx.json": spdx } },
      { path: "sbom.spdx.json", format: "spdx", spec_version: "2.3", components: 1 },
    ],
    [
      "SPDX 3",
      { files: { "sbom.spdx.json": spdx3 } },
      { path: "sbom.spdx.json", format: "spdx", spec_version: "3.0.1", components: 1 },
    ],
    [
      "one where the manifest says, before the usual names",
      { manifest: { sbom: "meta/bom.json" }, files: { "meta/bom.json": spdx, "sbom.cdx.json": cyclonedx } },
      { path: "meta/bom.json", format: "spdx", spec_version: "2.3", components: 1 },
    ],
  ])("is recognised: %s", async (_what, parts, expected) => {
    const archive = await bundle(parts);
    const inspection = await inspectBundle(archive);
    expect(inspection.sbom).toEqual(expected);
    expect(inspection.warnings).toEqual([]);
    expect((await createBundleReader().read(archive)).sbomPath).toBe(inspection.sbom?.path);
  });
});
