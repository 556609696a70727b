import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { contentHashOf, inspectBundle, validateManifest } from "../../../core/bundle/index.ts";
import { extensionTypes } from "../../../core/bundle/project/extension-types.ts";
import { buildProject, packProject } from "../../../core/bundle/project/index.ts";
import { runSubprocess } from "../../../core/bundle/project/subprocess.ts";
import { findTypeCompiler } from "../../../core/bundle/project/type-compiler.ts";
import { importableInterfaces, narrowWorld, worldText } from "../../../core/bundle/project/world.ts";
import { resourcePath } from "../../../core/platform/resources.ts";
import { tempFolder } from "../../support/temp.ts";
import { startGuest } from "./guest.ts";

describe("the world", () => {
  it("has the thirteen interfaces of the design", async () => {
    expect(importableInterfaces(await worldText())).toEqual([
      "context",
      "logging",
      "user",
      "user-v2",
      "secrets",
      "http",
      "storage",
      "ui-proxy",
      "scheduler",
      "invoicing",
      "clients",
      "services",
      "metrics",
    ]);
  });

  it("can be narrowed to some of them", async () => {
    const narrowed = narrowWorld(await worldText(), ["storage", "logging"]);
    expect(importableInterfaces(narrowed)).toEqual(["logging", "storage"]);
    expect(narrowed).toContain("export handler");
  });

  it("has TypeScript declarations that are up to date (else: node scripts/generate-extension-types.ts)", async () => {
    expect(readFileSync(resourcePath("types", "alga-extension.d.ts"), "utf8")).toBe(await extensionTypes());
  });

  it("is served by guest code that type-checks against it", async () => {
    const compiler = await findTypeCompiler(process.cwd());
    const checked = await runSubprocess({
      command: compiler.command,
      args: [...compiler.args, "-p", resourcePath("guest", "tsconfig.json")],
      cwd: resourcePath("guest"),
    });
    expect(checked).toEqual({ exitCode: 0, output: "" });
  });
});

describe("the sample", () => {
  it("is what its sources build to (else: node scripts/build-sample.ts), and works", async () => {
    const shipped = new Uint8Array(readFileSync(resourcePath("sample", "bundle.tar.zst")));
    const dir = join(tempFolder(), "sample");
    cpSync(resourcePath("sample"), dir, { recursive: true });
    const { wasm } = await buildProject({ dir });
    const packed = await packProject({ dir });
    expect(packed.content_hash).toBe(contentHashOf(shipped));

    const guest = await startGuest(wasm ?? "");
    expect(
      (await guest.call("POST", "/items", JSON.stringify({ text: "Backup failed", urgent: true }))).status,
    ).toBe(201);
    expect((await guest.call("POST", "/items", JSON.stringify({ text: "Call back" }))).status).toBe(201);
    const { items } = JSON.parse((await guest.call("GET", "/items")).text);
    expect(items).toMatchObject([{ id: "000001", urgent: true, author: "Ursula User" }, { id: "000002" }]);
    expect(JSON.parse((await guest.call("GET", "/status")).text)).toMatchObject({
      open: 2,
      urgent: 1,
      user: "Ursula User",
    });
    expect((await guest.call("DELETE", "/items/000001")).status).toBe(200);
    expect((await guest.call("GET", "/items/000001")).status).toBe(404);
    expect((await guest.call("POST", "/items", "{")).status).toBe(422);
    expect((await guest.call("GET", "/items/%E0%A4%A")).status).toBe(404);
    expect(guest.log).toContain("info note 000001 added");
  });

  it("has a manifest without problems or warnings", async () => {
    expect(validateManifest(readFileSync(resourcePath("sample", "manifest.json"), "utf8"))).toMatchObject({
      problems: [],
      warnings: [],
    });
    const inspection = await inspectBundle(
      new Uint8Array(readFileSync(resourcePath("sample", "bundle.tar.zst"))),
    );
    expect(inspection.warnings).toEqual([]);
  });

  it("speaks through the templates' bridge", () => {
    const bridge = (...path: string[]) => readFileSync(resourcePath(...path, "ui", "bridge.js"), "utf8");
    expect(bridge("sample")).toBe(bridge("templates", "shared"));
  });
});
