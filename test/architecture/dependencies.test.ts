import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { importsOf, type SourceImport } from "./imports.ts";

const root = dirname(dirname(import.meta.dirname));
const folders = ["core", "electron", "renderer"].filter((folder) => existsSync(join(root, folder)));
const imports = importsOf(root, folders);

/** Folders of `core` that any feature may build on. */
const FOUNDATION = ["contract", "platform", "store"];
/** The places that wire features together; nothing but them may reach across. */
const COMPOSITION = [
  "core/workbench.ts",
  "core/host-process.ts",
  "core/wiring/",
  "core/window/",
  "core/runner/process/",
];
/** Features whose pure functions both the gateway and the runner call (design, section 4: the pure decisions). */
const SHARED_FEATURES = ["policy"];

const featureOf = (path: string): string | undefined => path.match(/^core\/([^/]+)\//)?.[1];
const show = (entry: SourceImport): string => `${entry.from} → ${entry.to}`;

describe("the direction of dependencies", () => {
  it("finds the imports that it is to judge", () => {
    expect(imports.length).toBeGreaterThan(100);
  });

  it("keeps Electron, React and the DOM's libraries out of core", () => {
    const forbidden = /^(electron|react|react-dom|@mantine\/.*|monaco-editor|vite)$/;
    const found = imports.filter((entry) => entry.from.startsWith("core/") && forbidden.test(entry.to));
    expect(found.map(show)).toEqual([]);
  });

  it("lets the contract import nothing but the schema library", () => {
    const found = imports.filter(
      (entry) =>
        entry.from.startsWith("core/contract/") &&
        entry.to !== "zod" &&
        !entry.to.startsWith("core/contract/"),
    );
    expect(found.map(show)).toEqual([]);
  });

  it("lets the renderer and the preload import from core only the contract", () => {
    const found = imports.filter(
      (entry) =>
        (entry.from.startsWith("renderer/") || entry.from === "electron/preload.ts") &&
        entry.to.startsWith("core/") &&
        !entry.to.startsWith("core/contract/"),
    );
    expect(found.map(show)).toEqual([]);
  });

  it("keeps the renderer and the shell apart, and both out of core", () => {
    const found = imports.filter(
      (entry) =>
        (entry.from.startsWith("core/") && /^(electron|renderer)\//.test(entry.to)) ||
        (entry.from.startsWith("renderer/") && entry.to.startsWith("electron/")) ||
        (entry.from.startsWith("electron/") && entry.to.startsWith("renderer/")),
    );
    expect(found.map(show)).toEqual([]);
  });

  it("lets features meet only where they are wired", () => {
    const found = imports.filter((entry) => {
      const from = featureOf(entry.from);
      const to = featureOf(entry.to);
      if (from === undefined || to === undefined || from === to) return false;
      if (COMPOSITION.some((place) => entry.from.startsWith(place)) || from === "cli") return false;
      return !FOUNDATION.includes(to) && !SHARED_FEATURES.includes(to);
    });
    expect(found.map(show)).toEqual([]);
  });

  it("lets nothing outside a feature reach past its index", () => {
    const found = imports.filter((entry) => {
      const from = featureOf(entry.from);
      const to = featureOf(entry.to);
      if (to === undefined || from === to || to === "contract" || to === "platform") return false;
      if (COMPOSITION.includes(`core/${to}/`)) return false;
      return !/\/index\.ts$/.test(entry.to);
    });
    expect(found.map(show)).toEqual([]);
  });

  it("lets the foundation import no feature", () => {
    const found = imports.filter((entry) => {
      const from = featureOf(entry.from);
      const to = featureOf(entry.to);
      return from !== undefined && FOUNDATION.includes(from) && to !== undefined && !FOUNDATION.includes(to);
    });
    expect(found.map(show)).toEqual([]);
  });

  it("knows no folder named utils, helpers, manager or misc", () => {
    const names = readdirSync(join(root, "core"), { recursive: true }).map(String);
    expect(names.filter((name) => /(^|\/)(utils?|helpers?|managers?|misc)(\.ts)?$/.test(name))).toEqual([]);
  });
});
