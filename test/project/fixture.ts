import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import {
  createProject,
  handlerSource,
  projectCompilerOptions,
  projectDiagnostics,
  validateManifest,
  validateProjectConfig,
  watchProject,
} from "../../core/bundle/index.ts";
import type { ProjectChange } from "../../core/contract/rpc/project.ts";
import { judgeProject } from "../../core/policy/index.ts";
import { createProjects, type Projects } from "../../core/project/index.ts";
import { tempFolder } from "../support/temp.ts";

export const MANIFEST = JSON.stringify({ name: "com.acme.files", version: "1.0.0", runtime: "wasm-js@1" });

export interface ProjectsFixture {
  readonly projects: Projects;
  /** The user's home in this test. */
  readonly home: string;
  readonly changes: ProjectChange[];
  /** Another host over the same settings. */
  again(): Projects;
}

/** The real parts over a folder of the test's own; only the settings are kept in memory. */
export function projectsOfTest(): ProjectsFixture {
  const home = tempFolder();
  const settings = new Map<string, string>();
  const changes: ProjectChange[] = [];
  const log = () => {};
  const make = (): Projects => {
    const projects = createProjects({
      settings: {
        get: (name) => settings.get(name),
        set: (name, value) => void settings.set(name, value),
        remove: (name) => void settings.delete(name),
      },
      clock: { now: () => new Date("2026-11-22T10:00:00Z") },
      logger: { debug: log, info: log, warn: log, error: log },
      home,
      judge: { manifest: validateManifest, settings: validateProjectConfig },
      create: createProject,
      watch: watchProject,
      compilerOptions: projectCompilerOptions,
      judgePolicy: judgeProject,
      handlerSource,
      checkTypes: async (dir, signal) =>
        (await projectDiagnostics(dir, signal)).map(({ message, code, line }) => ({
          source: "types",
          severity: "error",
          message,
          code,
          ...(line === undefined ? {} : { line }),
        })),
    });
    onTestFinished(() => projects.dispose());
    return projects;
  };
  const projects = make();
  projects.onChange((change) => changes.push(change));
  return { projects, home, changes, again: make };
}

/** A project of these files, opened. */
export async function openProject(
  fixture: ProjectsFixture,
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<string> {
  const dir = join(fixture.home, "files");
  for (const [path, content] of Object.entries({ "manifest.json": MANIFEST, ...files })) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), content);
  }
  return (await fixture.projects.open(dir)).dir;
}
