import { copyFile, mkdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { MAX_ENTRY_BYTES } from "../../contract/limits.ts";
import type { Engine } from "../../contract/project-config.ts";
import type { BuildMemory } from "./build-memory.ts";
import { engineOf, planComponent } from "./build-plan.ts";
import { runProjectScript } from "./build-script.ts";
import { buildSource } from "./build-source.ts";
import { type BuildStage, BuildStages } from "./build-stages.ts";
import { type ComponentMaker, freshComponents } from "./component/componentize.ts";
import { cancelled, ProjectError } from "./errors.ts";
import { isFile, type ProjectFiles, readProjectFiles } from "./project-files.ts";
import { BUILT_UI, findUi, requireUiEntry } from "./ui-folder.ts";
import { uiInputs } from "./ui-inputs.ts";

export interface BuildProjectOptions {
  readonly dir: string;
  /** Default: `workbench.json`, else `starlingmonkey`. */
  readonly engine?: Engine | undefined;
  /** Aborting ends the build and every process that it started. */
  readonly signal?: AbortSignal | undefined;
  /** Called as each stage ends. */
  readonly onProgress?: ((stage: BuildStage) => void) | undefined;
  /** Called with each line that a script of the project prints. */
  readonly onOutput?: ((line: string) => void) | undefined;
  /** Default `<dir>/dist`. */
  readonly outDir?: string | undefined;
  /** The caller knows that only the UI has changed: the component of the last build is kept when there is one. */
  readonly reuseComponent?: boolean | undefined;
}

export interface BuildResult {
  /** Absolute path of the component; absent in a UI-only extension. */
  wasm?: string;
  /** Absolute path of the folder with the UI's files. */
  ui?: string;
  engine: Engine;
  duration_ms: number;
  stages: BuildStage[];
  warnings?: string[];
}

export const COMPONENT_NAME = "main.wasm";
/** What other build tools call it. */
const OTHER_COMPONENT_NAME = "component.wasm";
const UI_SCRIPT = "build:ui";

/** What builds share that follow one another. */
export interface BuildTools {
  readonly components: ComponentMaker;
  /** Lets a build leave out what would come out as it is. */
  readonly memory?: BuildMemory | undefined;
}

/** Builds a project: types, bundle, component, UI. Throws `ProjectError`; `dist/main.wasm` is then as it was. */
export async function buildProject(
  options: BuildProjectOptions,
  { components, memory }: BuildTools = { components: freshComponents },
): Promise<BuildResult> {
  const start = performance.now();
  const dir = resolve(options.dir);
  const stages = new BuildStages(options.onProgress);
  const warnings: string[] = [];
  const project = await stages.run("manifest", () => readProjectFiles(dir));
  warnings.push(...project.warnings);
  const engine = engineOf(options.engine, project);
  const plan = await planComponent(project);
  const outDir = resolve(options.outDir ?? join(dir, "dist"));
  const built = join(outDir, COMPONENT_NAME);
  let wasm: string | undefined;
  if (options.reuseComponent && plan.kind !== "none" && (await isFile(built))) wasm = built;
  else if (plan.kind === "source") {
    const source = { project, entry: plan.entry, engine, wasm: built, signal: options.signal };
    wasm = await buildSource(source, { stages, warnings, components, memory });
  } else if (plan.kind === "script") {
    wasm = await stages.run("script", async () => {
      await runProjectScript(project, "build", options);
      return adoptComponent(project, outDir);
    });
  }
  if (wasm !== undefined) await requireWithinBudget(project, wasm);
  const ui = await stages.run("ui", () => buildUi(project, options, memory));
  return {
    ...(wasm === undefined ? {} : { wasm }),
    ...(ui === undefined ? {} : { ui }),
    engine,
    duration_ms: Math.round(performance.now() - start),
    stages: stages.finished,
    ...(warnings.length > 0 ? { warnings } : {}),
  };
}

/** Where a project's own build left its component, under the name that a bundle wants. */
async function adoptComponent(project: ProjectFiles, outDir: string): Promise<string | undefined> {
  const wasm = join(outDir, COMPONENT_NAME);
  const other = join(project.dir, "dist", OTHER_COMPONENT_NAME);
  if (await isFile(wasm)) return wasm;
  if (await isFile(other)) {
    await mkdir(outDir, { recursive: true });
    await copyFile(other, wasm);
    return wasm;
  }
  const servesRequests = (project.manifest.api?.endpoints.length ?? 0) > 0;
  if (project.manifest.ui !== undefined && !servesRequests) return undefined;
  throw new ProjectError({
    code: "output_missing",
    message: "The project's own build script left no component.",
    details: { expected: [`dist/${COMPONENT_NAME}`, `dist/${OTHER_COMPONENT_NAME}`], path: project.dir },
    hint: "Let the script write dist/main.wasm, or remove it to be built by the workbench.",
  });
}

async function buildUi(
  project: ProjectFiles,
  options: BuildProjectOptions,
  memory: BuildMemory | undefined,
): Promise<string | undefined> {
  if (options.signal?.aborted) throw cancelled();
  if (UI_SCRIPT in project.package.scripts) {
    const inputs = memory && (await uiInputs(project.dir));
    if (inputs === undefined || !(await memory?.hasUi(project.dir, inputs, join(project.dir, BUILT_UI)))) {
      memory?.forgetUi(project.dir);
      await runProjectScript(project, UI_SCRIPT, options);
      if (inputs !== undefined) memory?.rememberUi(project.dir, inputs);
    }
  }
  const ui = await findUi(project);
  if (ui !== undefined) await requireUiEntry(project, ui);
  return ui;
}

async function requireWithinBudget(project: ProjectFiles, wasm: string): Promise<void> {
  const { size } = await stat(wasm);
  if (size > MAX_ENTRY_BYTES) {
    throw new ProjectError({
      code: "component_too_large",
      message: "The component is larger than a bundle can hold.",
      details: { component_bytes: size, allowed_bytes: MAX_ENTRY_BYTES },
    });
  }
  const budget = project.config.budgets.component_bytes;
  if (budget === undefined || size <= budget) return;
  throw new ProjectError({
    code: "budget_exceeded",
    message: "The component is larger than the project's own budget.",
    details: { component_bytes: size, budget_bytes: budget },
    hint: "Build with the quickjs engine, drop dependencies, or raise budgets.component_bytes in workbench.json.",
  });
}
