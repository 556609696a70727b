import { createHash } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Engine } from "../../contract/project-config.ts";
import type { BuildMemory } from "./build-memory.ts";
import { RUNTIME_PACKAGE } from "./build-plan.ts";
import type { BuildStages } from "./build-stages.ts";
import { bundleSource, type SourceBundle } from "./bundle-source.ts";
import type { ComponentMaker } from "./component/componentize.ts";
import { cancelled, ProjectError, writeError } from "./errors.ts";
import { isInstalled, requireInstalled } from "./installed-packages.ts";
import { isDirectory, type ProjectFiles } from "./project-files.ts";
import { worldOf } from "./project-world.ts";
import { checkTypes } from "./type-check.ts";
import { withEntropy } from "./world.ts";

interface Source {
  readonly project: ProjectFiles;
  /** Relative to the project. */
  readonly entry: string;
  readonly engine: Engine;
  /** Absolute path of the component to write. */
  readonly wasm: string;
  readonly signal: AbortSignal | undefined;
}

interface Means {
  readonly stages: BuildStages;
  readonly warnings: string[];
  readonly components: ComponentMaker;
  readonly memory: BuildMemory | undefined;
}

const NOT_REPRODUCIBLE = "The component holds the time of its making: another build will have another hash.";

/**
 * From a source file to its component. The type check runs beside the rest, which it does not feed; what it finds goes
 * before what the others find, and ends them.
 */
export async function buildSource(source: Source, means: Means): Promise<string> {
  const { project, entry, engine, wasm, signal } = source;
  await requireInstalled(project, "dependencies");
  const runtimeStandIn = !(await isInstalled(project.dir, RUNTIME_PACKAGE));
  if (runtimeStandIn && RUNTIME_PACKAGE in project.package.dependencies) {
    means.warnings.push(
      `${RUNTIME_PACKAGE} is not installed; the workbench's stand-in was used. Run \`npm install\` to build with the package itself.`,
    );
  }
  const typed = new AbortController();
  const ended = signal === undefined ? typed.signal : AbortSignal.any([signal, typed.signal]);
  const options = { dir: project.dir, entry, engine, runtimeStandIn, signal: ended };
  const types = means.stages.run("types", () => checkTypes(options));
  const component = (async () => {
    if (ended.aborted) throw cancelled();
    const bundle = await means.stages.run("bundle", () => bundleSource(options));
    return makeComponent({ ...source, signal: ended }, bundle, means);
  })();
  types.catch(() => typed.abort());
  component.catch(() => {});
  try {
    await types;
  } catch (error) {
    await component.catch(() => {});
    throw error;
  }
  const bytes = await component;
  if (signal?.aborted) throw cancelled();
  if (bytes !== undefined) {
    await replaceFile(wasm, bytes.component);
    await means.memory?.rememberComponent(project.dir, { ...bytes, file: wasm });
  }
  return wasm;
}

/** The component, unless the file of the build before is the one that would come out. */
async function makeComponent(
  { project, engine, wasm, signal }: Source,
  bundle: SourceBundle,
  { stages, warnings, components, memory }: Means,
): Promise<{ component: Uint8Array; key: string; reproducible: boolean } | undefined> {
  const world = await worldOf(project.dir, bundle.interfaces);
  warnings.push(...world.warnings);
  const wit = bundle.needsEntropy ? withEntropy(world.wit, world.world) : world.wit;
  const task = { engine, source: bundle.code, wit, world: world.world };
  const key = createHash("sha256").update(JSON.stringify(task)).digest("hex");
  const known = await memory?.component(project.dir, key, wasm);
  if (known && !known.reproducible) warnings.push(NOT_REPRODUCIBLE);
  if (known) return undefined;
  const { bytes, reproducible } = await stages.run("component", () => components.make({ ...task, signal }));
  if (!reproducible) warnings.push(NOT_REPRODUCIBLE);
  return { component: bytes, key, reproducible };
}

/** Whoever reads the file sees the old component or the new one, never half of it. */
async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
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
    throw writeError(error, path);
  }
}
