import { planComponent, RUNTIME_PACKAGE } from "./build-plan.ts";
import { type Diagnostic, ProjectError } from "./errors.ts";
import { isInstalled } from "./installed-packages.ts";
import { readProjectFiles } from "./project-files.ts";
import { checkTypes } from "./type-check.ts";

/**
 * What the compiler has to say about a project, exactly as a build would hear it; empty for a project that the workbench
 * does not build itself. Throws `ProjectError` or `BundleError` when the project's description cannot be read.
 */
export async function projectDiagnostics(dir: string, signal?: AbortSignal): Promise<readonly Diagnostic[]> {
  const plan = await planComponent(await readProjectFiles(dir));
  if (plan.kind !== "source") return [];
  const runtimeStandIn = !(await isInstalled(dir, RUNTIME_PACKAGE));
  try {
    await checkTypes({ dir, entry: plan.entry, runtimeStandIn, signal });
    return [];
  } catch (error) {
    if (error instanceof ProjectError && error.code === "type_error") return diagnosticsOf(error);
    throw error;
  }
}

/**
 * Where a project's handler comes from: its entry, relative to the project; `script` for a build of its own; `none`
 * when there is nothing that could answer. Throws when the project's description cannot be read.
 */
export async function handlerSource(dir: string): Promise<{ entry: string } | "script" | "none"> {
  const project = await readProjectFiles(dir);
  try {
    const plan = await planComponent(project);
    return plan.kind === "source" ? { entry: plan.entry } : plan.kind;
  } catch (error) {
    if (error instanceof ProjectError && error.code === "source_missing") return "none";
    throw error;
  }
}

function diagnosticsOf(error: ProjectError): readonly Diagnostic[] {
  const found = error.details?.["diagnostics"];
  // `checkTypes` is the one that puts them there.
  return Array.isArray(found) && found.length > 0
    ? (found as Diagnostic[])
    : [{ code: error.code, message: error.message }];
}
