import { join } from "node:path";
import { ENGINES, type Engine, engineSchema } from "../../contract/project-config.ts";
import { ProjectError } from "./errors.ts";
import { isFile, type ProjectFiles } from "./project-files.ts";

/** How a project's component comes about. */
export type ComponentPlan =
  /** A UI-only extension. */
  | { readonly kind: "none" }
  /** The project's own npm `build` script. */
  | { readonly kind: "script" }
  /** Our own build of this source file, relative to the project. */
  | { readonly kind: "source"; readonly entry: string };

export const RUNTIME_PACKAGE = "@alga-psa/extension-runtime";

const ENTRIES = ["src/index.ts", "src/index.js", "src/handler.ts", "src/handler.js"];
/** A script that only calls a build tool of this kind would run this very build again. */
const CALLS_A_WORKBENCH = /\b(alga|workbench)\b[^&|;]*\bbuild\b/;

export async function planComponent(project: ProjectFiles): Promise<ComponentPlan> {
  const script = project.package.scripts["build"];
  if (script !== undefined && !CALLS_A_WORKBENCH.test(script)) return { kind: "script" };
  const candidates = project.config.entry === undefined ? ENTRIES : [project.config.entry];
  for (const entry of candidates) {
    if (await isFile(join(project.dir, entry))) return { kind: "source", entry };
  }
  const servesRequests = (project.manifest.api?.endpoints.length ?? 0) > 0;
  if (project.manifest.ui !== undefined && !servesRequests && project.config.entry === undefined) {
    return { kind: "none" };
  }
  throw new ProjectError({
    code: "source_missing",
    message: "The project has no source file that exports a handler.",
    details: { expected: candidates, path: project.dir },
    hint: `Write ${candidates[0]}, or name another file as "entry" in workbench.json.`,
  });
}

/** The engine asked for; an unknown name is refused with the known ones. */
export function engineOf(asked: string | undefined, project: ProjectFiles): Engine {
  if (asked === undefined) return project.config.engine;
  const engine = engineSchema.safeParse(asked);
  if (engine.success) return engine.data;
  throw new ProjectError({
    code: "engine_unknown",
    message: "There is no such engine.",
    details: { expected: [...ENGINES] },
    hint: `Choose one of ${ENGINES.join(", ")}.`,
  });
}
