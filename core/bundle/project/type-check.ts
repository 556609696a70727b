import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve, sep } from "node:path";
import { z } from "zod";
import { resourcePath } from "../../platform/resources.ts";
import { RUNTIME_PACKAGE } from "./build-plan.ts";
import { type Diagnostic, describeDiagnostic, ProjectError } from "./errors.ts";
import { isFile } from "./project-files.ts";
import { runSubprocess } from "./subprocess.ts";
import { findTypeCompiler, type TypeCompiler } from "./type-compiler.ts";

interface TypeCheckOptions {
  readonly dir: string;
  /** Relative to `dir`. */
  readonly entry: string;
  /** The project has no runtime package of its own: its name means the shipped stand-in. */
  readonly runtimeStandIn: boolean;
  readonly signal?: AbortSignal | undefined;
}

const MAX_REPORTED_DIAGNOSTICS = 500;
/** `file(line,column): error TS1: message`; complaints about no file lack the first part. */
const DIAGNOSTIC = /^(?:(.+?)\((\d+),(\d+)\): )?error (TS\d+): (.*)$/;
/** A configuration that names no file yet says all the same how files are to be judged. */
const NO_INPUTS = "TS18003";
const DECLARES_WORLD = /declare module ["']alga:extension\//;
/** The standard library for a guest: the language, and the globals both engines have; not a browser's window. */
const DEFAULT_OPTIONS = {
  target: "ES2023",
  module: "ESNext",
  moduleResolution: "bundler",
  lib: ["ES2023", "WebWorker"],
  types: [],
  strict: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
};

const shownConfigSchema = z.object({
  files: z.array(z.string()).default([]),
  compilerOptions: z
    .looseObject({
      paths: z.record(z.string(), z.array(z.string())).optional(),
      baseUrl: z.string().optional(),
      typeRoots: z.array(z.string()).optional(),
    })
    .default({}),
});

/**
 * Type-checks a project by its own `tsconfig.json`, with the declarations of `alga:extension/*` added.
 * Throws `type_error` with every diagnostic. A JavaScript project without a `tsconfig.json` has nothing to check.
 */
export async function checkTypes(options: TypeCheckOptions): Promise<void> {
  const ownConfig = join(options.dir, "tsconfig.json");
  const hasConfig = await isFile(ownConfig);
  if (!hasConfig && !options.entry.endsWith(".ts")) return;
  const compiler = await findTypeCompiler(options.dir);
  const scratch = await mkdtemp(join(tmpdir(), "workbench-types-"));
  try {
    const config = join(scratch, "tsconfig.json");
    const settings = hasConfig ? await extending(ownConfig, compiler, options) : standing(options);
    await writeFile(config, JSON.stringify(settings));
    const checked = await compile(compiler, ["-p", config, "--noEmit", "--pretty", "false"], options);
    if (checked.exitCode !== 0) throw typeError(checked.output, options.dir);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

const compile = (
  compiler: TypeCompiler,
  args: readonly string[],
  { dir, signal }: Pick<TypeCheckOptions, "dir" | "signal">,
) => runSubprocess({ command: compiler.command, args: [...compiler.args, ...args], cwd: dir, signal });

function standing(options: TypeCheckOptions): object {
  return {
    compilerOptions: { ...DEFAULT_OPTIONS, noEmit: true, ...added(options, {}) },
    files: [join(options.dir, options.entry), ...declarations()],
  };
}

/**
 * A configuration elsewhere that means the project's own plus ours. What a configuration finds by where it lies
 * (its files, the roots of `@types`, relative paths) has to be spelled out.
 */
async function extending(
  ownConfig: string,
  compiler: TypeCompiler,
  options: TypeCheckOptions,
): Promise<object> {
  const { files, compilerOptions } = await shownConfig(ownConfig, compiler, options);
  const base =
    compilerOptions.baseUrl === undefined ? options.dir : resolve(options.dir, compilerOptions.baseUrl);
  const sources = files.map((file) => resolve(options.dir, file));
  const paths = Object.fromEntries(
    Object.entries(compilerOptions.paths ?? {}).map(([name, targets]) => [
      name,
      targets.map((target) => resolve(base, target)),
    ]),
  );
  return {
    extends: ownConfig,
    compilerOptions: {
      noEmit: true,
      typeRoots: (compilerOptions.typeRoots ?? typeRootsAbove(options.dir)).map((root) =>
        resolve(options.dir, root),
      ),
      ...added(options, paths),
    },
    files: [...sources, ...((await declaresWorld(sources)) ? [] : declarations())],
    include: [],
  };
}

/** What a configuration comes to with all that it extends. Throws `type_error`. */
async function shownConfig(
  ownConfig: string,
  compiler: TypeCompiler,
  options: Pick<TypeCheckOptions, "dir" | "signal">,
): Promise<z.infer<typeof shownConfigSchema>> {
  const shown = await compile(compiler, ["--showConfig", "-p", ownConfig], options);
  const parsed = shown.exitCode === 0 ? shownConfigSchema.safeParse(jsonOf(shown.output)) : undefined;
  if (!parsed?.success) throw typeError(shown.output, options.dir);
  return parsed.data;
}

/**
 * The compiler options of a project's own `tsconfig.json`; `undefined` when it has none. Throws `type_error` when the
 * compiler cannot read it.
 */
export async function projectCompilerOptions(
  dir: string,
  signal?: AbortSignal,
): Promise<Record<string, unknown> | undefined> {
  const ownConfig = join(dir, "tsconfig.json");
  if (!(await isFile(ownConfig))) return undefined;
  const compiler = await findTypeCompiler(dir);
  // Showing a configuration passes over what is wrong with it; listing its files does not.
  const listed = await compile(compiler, ["-p", ownConfig, "--listFilesOnly", "--pretty", "false"], {
    dir,
    signal,
  });
  const faults = parseDiagnostics(listed.output, dir).filter(({ code }) => code !== NO_INPUTS);
  if (faults.length > 0) throw typeError(listed.output, dir);
  return (await shownConfig(ownConfig, compiler, { dir, signal })).compilerOptions;
}

function added(
  options: TypeCheckOptions,
  own: Record<string, string[]>,
): { paths: Record<string, string[]> } {
  const standIn = options.runtimeStandIn
    ? { [RUNTIME_PACKAGE]: [resourcePath("runtime", "index.d.ts")] }
    : {};
  return { paths: { ...standIn, ...own } };
}

/** A project may bring declarations of its own; two of one module contradict each other. */
async function declaresWorld(files: readonly string[]): Promise<boolean> {
  for (const file of files) {
    if (!file.endsWith(".d.ts")) continue;
    if (DECLARES_WORLD.test(await readFile(file, "utf8"))) return true;
  }
  return false;
}

const declarations = () => [resourcePath("types", "alga-extension.d.ts")];

function typeRootsAbove(dir: string): string[] {
  const above = dirname(dir);
  return [join(dir, "node_modules", "@types"), ...(above === dir ? [] : typeRootsAbove(above))];
}

function typeError(output: string, dir: string): ProjectError {
  const diagnostics = parseDiagnostics(output, dir);
  const count = diagnostics.length;
  return new ProjectError({
    code: "type_error",
    message: count === 1 ? "The project has a type error." : `The project has ${count} type errors.`,
    details: {
      problems: diagnostics.map(describeDiagnostic),
      diagnostics,
      ...(count === 0 ? { output: output.slice(-2_000) } : {}),
    },
  });
}

/** The compiler's plain output as diagnostics; indented lines continue the message before them. */
export function parseDiagnostics(output: string, dir: string): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const line of output.split(/\r?\n/)) {
    const match = DIAGNOSTIC.exec(line);
    const last = found.at(-1);
    if (match === null) {
      if (last !== undefined && /^\s+\S/.test(line)) last.message += `\n${line}`;
      continue;
    }
    if (found.length === MAX_REPORTED_DIAGNOSTICS) break;
    const [, file, row, column, code, message] = match;
    found.push({
      ...(file === undefined
        ? {}
        : { file: projectPath(file, dir), line: Number(row), column: Number(column) }),
      code: code ?? "",
      message: message ?? "",
    });
  }
  return found;
}

/** Relative to the project and with forward slashes, as far as it lies inside. */
export function projectPath(file: string, dir: string): string {
  return relative(dir, resolve(dir, file)).split(sep).join("/");
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
