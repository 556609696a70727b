import { join } from "node:path";
import { ProjectError } from "./errors.ts";
import { isDirectory, isFile, type ProjectFiles } from "./project-files.ts";

/** The bundle's folder of UI files. */
export const UI_PREFIX = "ui/";
/** Where a `build:ui` script writes. */
export const BUILT_UI = join("dist", "ui");
const PLAIN_UI = "ui";

/** Absolute path of the project's finished UI: what a script built, else the plain folder; `undefined` without a UI. */
export async function findUi(project: ProjectFiles): Promise<string | undefined> {
  for (const folder of [BUILT_UI, PLAIN_UI]) {
    const path = join(project.dir, folder);
    if (await isDirectory(path)) return path;
  }
  if (project.manifest.ui === undefined) return undefined;
  throw new ProjectError({
    code: "ui_missing",
    message: "The manifest declares a UI and the project has none.",
    details: { expected: [BUILT_UI, PLAIN_UI], path: project.dir },
    hint: "Put static files into ui/, or give package.json a `build:ui` script that writes dist/ui.",
  });
}

/** Refuses a UI whose entry page, as the manifest names it, is not there. */
export async function requireUiEntry(project: ProjectFiles, folder: string): Promise<void> {
  const entry = project.manifest.ui?.entry;
  if (entry === undefined) return;
  const file = entry.startsWith(UI_PREFIX) ? entry.slice(UI_PREFIX.length) : entry;
  if (await isFile(join(folder, file))) return;
  throw new ProjectError({
    code: "ui_entry_missing",
    message: "The entry page that the manifest names is not among the UI's files.",
    details: { entry, folder },
    hint: "Correct ui.entry in manifest.json or add the file.",
  });
}
