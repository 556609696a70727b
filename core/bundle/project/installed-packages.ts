import { dirname, join } from "node:path";
import { RUNTIME_PACKAGE } from "./build-plan.ts";
import { ProjectError } from "./errors.ts";
import { isDirectory, type ProjectFiles } from "./project-files.ts";

/** True when Node's resolution would find the package from `dir`. */
export async function isInstalled(dir: string, name: string): Promise<boolean> {
  for (let folder = dir; ; folder = dirname(folder)) {
    if (await isDirectory(join(folder, "node_modules", name))) return true;
    if (folder === dirname(folder)) return false;
  }
}

/**
 * Refuses with `dependencies_missing` when a package that the build needs is not there. Nothing is ever
 * installed by a build: that runs other people's scripts and needs a network, so it stays the developer's decision.
 * The handler runtime may be absent, because a stand-in ships with the workbench.
 */
export async function requireInstalled(project: ProjectFiles, which: "dependencies" | "all"): Promise<void> {
  const wanted = Object.keys(project.package.dependencies).filter((name) => name !== RUNTIME_PACKAGE);
  if (which === "all") wanted.push(...Object.keys(project.package.devDependencies));
  const missing: string[] = [];
  for (const name of wanted) if (!(await isInstalled(project.dir, name))) missing.push(name);
  if (missing.length > 0) throw dependenciesMissing(missing, project.dir);
}

export function dependenciesMissing(missing: readonly string[], dir: string): ProjectError {
  return new ProjectError({
    code: "dependencies_missing",
    kind: "environment",
    message: "Packages that the project needs are not installed.",
    details: { missing: [...missing], path: dir },
    hint: "Run `npm install` in the project's folder.",
  });
}
