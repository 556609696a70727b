import { cp, mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { manifestSchema } from "../../contract/manifest.ts";
import { resourcePath } from "../../platform/resources.ts";
import { ProjectError } from "./errors.ts";
import { isDirectory } from "./project-files.ts";

export const TEMPLATES = ["handler", "ui", "full"] as const;
export type Template = (typeof TEMPLATES)[number];

export interface CreateProjectOptions {
  /** A new or an empty folder. */
  readonly dir: string;
  /** Reverse-domain name of the extension. */
  readonly name: string;
  readonly template: Template;
}

export interface CreateResult {
  /** Absolute. */
  path: string;
  name: string;
  template: Template;
  /** Paths below the folder, sorted. */
  files: string[];
}

/** In template files; replaced by what the author chose. */
const PLACEHOLDERS = { name: "__EXTENSION_NAME__", package: "__PACKAGE_NAME__", title: "__TITLE__" } as const;
/** npm packs no `.gitignore` of a package; the template carries it under another name. */
const GITIGNORE = { inTemplate: "gitignore", inProject: ".gitignore" } as const;

/**
 * Makes a project from a template. Throws `invalid_name`, `unknown_template`, `directory_not_empty`. The folder
 * appears complete or not at all: everything is written beside it and then renamed.
 */
export async function createProject(options: CreateProjectOptions): Promise<CreateResult> {
  const path = resolve(options.dir);
  const template = templateOf(options.template);
  requireName(options.name);
  await requireEmpty(path);
  await mkdir(dirname(path), { recursive: true });
  const staging = `${join(dirname(path), `.${basename(path)}`)}.${process.pid}.tmp`;
  await rm(staging, { recursive: true, force: true });
  try {
    await cp(resourcePath("templates", template), staging, { recursive: true });
    await rename(join(staging, GITIGNORE.inTemplate), join(staging, GITIGNORE.inProject));
    if (template !== "handler")
      await cp(resourcePath("templates", "shared", "ui"), join(staging, "ui"), { recursive: true });
    const files = await filesBelow(staging);
    for (const file of files) await personalise(join(staging, file), options.name);
    await moveIntoPlace(staging, path);
    return { path, name: options.name, template, files };
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw error;
  }
}

function templateOf(asked: string): Template {
  const template = TEMPLATES.find((known) => known === asked);
  if (template !== undefined) return template;
  throw new ProjectError({
    code: "unknown_template",
    message: "There is no such template.",
    details: { expected: [...TEMPLATES] },
    hint: `Choose one of ${TEMPLATES.join(", ")}.`,
  });
}

function requireName(name: string): void {
  const judged = manifestSchema.shape.name.safeParse(name);
  if (judged.success) return;
  throw new ProjectError({
    code: "invalid_name",
    message: "This cannot be an extension's name.",
    details: { problems: judged.error.issues.map((issue) => issue.message) },
    hint: "Use a lowercase reverse-domain name such as com.acme.hello.",
  });
}

async function requireEmpty(path: string): Promise<void> {
  const entries = await readdir(path).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    if (error instanceof Error && "code" in error && error.code === "ENOTDIR") return [basename(path)];
    throw error;
  });
  if (entries.length === 0) return;
  throw new ProjectError({
    code: "directory_not_empty",
    message: "The folder is not empty, or it is a file.",
    details: { path },
    hint: "Choose a new folder: nothing that exists is overwritten.",
  });
}

/** An empty folder of that name makes way; one that was filled meanwhile does not, and the rename fails. */
async function moveIntoPlace(staging: string, path: string): Promise<void> {
  if (await isDirectory(path)) await rmdir(path);
  await rename(staging, path);
}

async function filesBelow(folder: string, prefix = ""): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const nested = await Promise.all(
    entries.map((entry) =>
      entry.isDirectory()
        ? filesBelow(join(folder, entry.name), `${prefix}${entry.name}/`)
        : [`${prefix}${entry.name}`],
    ),
  );
  return nested.flat().sort();
}

async function personalise(file: string, name: string): Promise<void> {
  const last = name.split(".").at(-1) ?? name;
  const title = last.replace(/-+/g, " ").replace(/^./, (first) => first.toUpperCase());
  const text = await readFile(file, "utf8");
  const filled = text
    .replaceAll(PLACEHOLDERS.name, name)
    .replaceAll(PLACEHOLDERS.package, name.replaceAll(".", "-"))
    .replaceAll(PLACEHOLDERS.title, title);
  if (filled !== text) await writeFile(file, filled);
}
