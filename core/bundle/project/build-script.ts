import { ProjectError } from "./errors.ts";
import { requireInstalled } from "./installed-packages.ts";
import type { ProjectFiles } from "./project-files.ts";
import { runSubprocess } from "./subprocess.ts";

const MAX_SHOWN_LINES = 50;

export interface ScriptOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onOutput?: ((line: string) => void) | undefined;
}

/**
 * Runs one of the project's npm scripts. Throws `dependencies_missing` before it starts, `script_failed` with the end
 * of its output, or `build_cancelled`.
 */
export async function runProjectScript(
  project: ProjectFiles,
  name: string,
  options: ScriptOptions,
): Promise<void> {
  await requireInstalled(project, "all");
  const { exitCode, output } = await runSubprocess({
    command: "npm",
    args: ["run", "--silent", name],
    cwd: project.dir,
    signal: options.signal,
    onLine: options.onOutput,
  });
  if (exitCode === 0) return;
  throw new ProjectError({
    code: "script_failed",
    message: `The project's own script failed: npm run ${name}.`,
    details: {
      script: name,
      exit_code: exitCode,
      output: output.trimEnd().split("\n").slice(-MAX_SHOWN_LINES),
    },
  });
}
