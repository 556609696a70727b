import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { MAX_MANIFEST_BYTES } from "../../contract/limits.ts";
import { MANIFEST_FILE, type Manifest } from "../../contract/manifest.ts";
import { PROJECT_CONFIG_FILE, type ProjectConfig } from "../../contract/project-config.ts";
import { manifestError } from "../manifest-reading.ts";
import { type ManifestProblem, validateManifest } from "../manifest-validation.ts";
import { validateProjectConfig } from "../project-config-validation.ts";
import { ProjectError } from "./errors.ts";

/** What a project's own descriptions say, read and judged. */
export interface ProjectFiles {
  readonly dir: string;
  readonly manifest: Manifest;
  readonly config: ProjectConfig;
  readonly package: ProjectPackage;
  readonly warnings: readonly string[];
}

const packageSchema = z.looseObject({
  scripts: z.record(z.string(), z.string()).default({}),
  dependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
});
export type ProjectPackage = z.infer<typeof packageSchema>;

/**
 * Reads `manifest.json`, and `workbench.json` and `package.json` where there are any.
 * Throws `ProjectError` `project_missing`, `manifest_missing`, `manifest_too_large`, `config_invalid`,
 * `package_invalid`, or `BundleError` `manifest_invalid`; the details hold every problem with its place.
 */
export async function readProjectFiles(dir: string): Promise<ProjectFiles> {
  await requireProjectFolder(dir);
  const { manifest, warnings } = await readManifest(dir);
  return {
    dir,
    manifest,
    config: await readConfig(dir),
    package: await readPackage(dir),
    warnings: warnings.map((warning) => `${MANIFEST_FILE} ${describeProblem(warning)}`),
  };
}

/** @throws ProjectError `project_missing` */
export async function requireProjectFolder(dir: string): Promise<void> {
  if (await isDirectory(dir)) return;
  throw new ProjectError({
    code: "project_missing",
    message: "There is no project folder at this path.",
    details: { path: dir },
    hint: "Create one with `workbench create DIR --name com.acme.hello`.",
  });
}

async function readManifest(dir: string): Promise<{ manifest: Manifest; warnings: ManifestProblem[] }> {
  const path = join(dir, MANIFEST_FILE);
  const text = await readText(path);
  if (text === undefined) {
    throw new ProjectError({
      code: "manifest_missing",
      message: `The project has no ${MANIFEST_FILE}.`,
      details: { path },
      hint: "Start from a template: `workbench create DIR --name com.acme.hello`.",
    });
  }
  if (Buffer.byteLength(text) > MAX_MANIFEST_BYTES) {
    throw new ProjectError({
      code: "manifest_too_large",
      message: `${MANIFEST_FILE} is larger than a manifest may be.`,
      details: { path, allowed_bytes: MAX_MANIFEST_BYTES },
    });
  }
  const { manifest, problems, warnings } = validateManifest(text, MANIFEST_FILE);
  if (manifest === undefined) throw manifestError(problems);
  return { manifest, warnings };
}

async function readConfig(dir: string): Promise<ProjectConfig> {
  const text = (await readText(join(dir, PROJECT_CONFIG_FILE))) ?? "{}";
  const { value, problems } = validateProjectConfig(text, PROJECT_CONFIG_FILE);
  if (value === undefined) throw configError(problems);
  return value;
}

async function readPackage(dir: string): Promise<ProjectPackage> {
  const text = await readText(join(dir, "package.json"));
  if (text === undefined) return packageSchema.parse({});
  const parsed = packageSchema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  throw new ProjectError({
    code: "package_invalid",
    message: "package.json cannot be used.",
    details: {
      path: join(dir, "package.json"),
      problems: parsed.error.issues.map((issue) => `${["$", ...issue.path].join(".")}: ${issue.message}`),
    },
  });
}

function configError(problems: readonly ManifestProblem[]): ProjectError {
  return new ProjectError({
    code: "config_invalid",
    message: `${PROJECT_CONFIG_FILE} is not valid. ${problems.map(describeProblem).join(" ")}`,
    details: { problems },
    hint: `Mend ${PROJECT_CONFIG_FILE}; its schema is in resources/schemas.`,
  });
}

const describeProblem = ({ line, column, path, message }: ManifestProblem): string =>
  `${line}:${column} ${path}: ${message}`;

/** `undefined` is a value of no JSON text, so that broken text fails the schema like any other value. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The file's text; `undefined` when there is no such file. */
async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

export async function isDirectory(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

export async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}
