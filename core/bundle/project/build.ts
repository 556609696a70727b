import { copyFile, mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { MAX_ENTRY_BYTES } from "../../contract/limits.ts";
import type { Engine } from "../../contract/project-config.ts";
import { engineOf, planComponent, RUNTIME_PACKAGE } from "./build-plan.ts";
import { runProjectScript } from "./build-script.ts";
import { type BuildStage, BuildStages } from "./build-stages.ts";
import { bundleSource } from "./bundle-source.ts";
import { componentize } from "./component/componentize.ts";
import { cancelled, ProjectError } from "./errors.ts";
import { isInstalled, requireInstalled } from "./installed-packages.ts";
import { isDirectory, isFile, type ProjectFiles, readProjectFiles } from "./project-files.ts";
import { worldOf } from "./project-world.ts";
import { checkTypes } from "./type-check.ts";
import { findUi, requireUiEntry } from "./ui-folder.ts";
import { withEntropy } from "./world.ts";

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

/** Builds a project: types, bundle, component, UI. Throws `ProjectError`; `dist/main.wasm` is then as it was. */
export async function buildProject(options: BuildProjectOptions): Promise<BuildResult> {
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
  else if (plan.kind === "source")
    wasm = await buildSource(project, plan.entry, engine, outDir, options, stages, warnings);
  else if (plan.kind === "script") {
    wasm = await stages.run("script", async () => {
      await runProjectScript(project, "build", options);
      return adoptComponent(project, outDir);
    });
  }
  if (wasm !== undefined) await requireWithinBudget(project, wasm);
  const ui = await stages.run("ui", () => buildUi(project, options));
  return {
    ...(wasm === undefined ? {} : { wasm }),
    ...(ui === undefined ? {} : { ui }),
    engine,
    duration_ms: Math.round(performance.now() - start),
    stages: stages.finished,
    ...(warnings.length > 0 ? { warnings } : {}),
  };
}

async function buildSource(
  project: ProjectFiles,
  entry: string,
  engine: Engine,
  outDir: string,
  { signal }: BuildProjectOptions,
  stages: BuildStages,
  warnings: string[],
): Promise<string> {
  await requireInstalled(project, "dependencies");
  const runtimeStandIn = !(await isInstalled(project.dir, RUNTIME_PACKAGE));
  if (runtimeStandIn && RUNTIME_PACKAGE in project.package.dependencies) {
    warnings.push(
      `${RUNTIME_PACKAGE} is not installed; the workbench's stand-in was used. Run \`npm install\` to build with the package itself.`,
    );
  }
  const source = { dir: project.dir, entry, engine, runtimeStandIn, signal };
  await stages.run("types", () => checkTypes(source));
  if (signal?.aborted) throw cancelled();
  const bundle = await stages.run("bundle", () => bundleSource(source));
  const { bytes, reproducible } = await stages.run("component", async () => {
    const world = await worldOf(project.dir, bundle.interfaces);
    warnings.push(...world.warnings);
    const wit = bundle.needsEntropy ? withEntropy(world.wit, world.world) : world.wit;
    return componentize({ engine, source: bundle.code, wit, world: world.world, signal });
  });
  if (!reproducible)
    warnings.push("The component holds the time of its making: another build will have another hash.");
  const wasm = join(outDir, COMPONENT_NAME);
  await mkdir(outDir, { recursive: true });
  await replaceFile(wasm, bytes);
  return wasm;
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

async function buildUi(project: ProjectFiles, options: BuildProjectOptions): Promise<string | undefined> {
  if (options.signal?.aborted) throw cancelled();
  if ("build:ui" in project.package.scripts) await runProjectScript(project, "build:ui", options);
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

/** Whoever reads the file sees the old component or the new one, never half of it. */
async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, bytes);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    if (await isDirectory(path)) {
      throw new ProjectError({
        code: "file_refused",
        message: "There is a folder where the component belongs.",
        details: { path },
        cause: error,
      });
    }
    throw error;
  }
}
