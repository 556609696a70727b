import { readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { MIB } from "../contract/limits.ts";
import type { TypeSources } from "../contract/rpc/project.ts";
import { resourcePath } from "../platform/resources.ts";
import { containedPath } from "./contained-path.ts";
import { readFileTree } from "./file-tree.ts";
import { readTextFile } from "./text-file.ts";

const RUNTIME_PACKAGE = "@alga-psa/extension-runtime";
const MAX_DECLARATION_BYTES = 1 * MIB;
/** What a page's compiler gets to see of a project besides the files that are open. */
const MAX_SOURCES = 300;
const MAX_SOURCES_CHARACTERS = 4 * MIB;
const SOURCE = /\.(?:[cm]?ts|tsx|[cm]?js|jsx)$/;
const DECLARES_WORLD = /declare module ["']alga:extension\//;

const packageSchema = z.looseObject({ types: z.string().optional(), typings: z.string().optional() });

/** What an editor's compiler needs to judge the project as the build will. */
export async function readTypeSources(
  root: string,
  compilerOptions: () => Promise<TypeSources["compiler"]>,
): Promise<TypeSources> {
  const [sources, compiler] = await Promise.all([readSources(root), compilerOptions()]);
  const own = await ownRuntimeTypes(root);
  const runtime = own ?? (await readFile(resourcePath("runtime", "index.d.ts"), "utf8"));
  // A project may bring declarations of its own; two of one module contradict each other.
  const declaresWorld = sources.some(({ path, text }) => path.endsWith(".d.ts") && DECLARES_WORLD.test(text));
  const world = declaresWorld ? [] : [await readFile(resourcePath("types", "alga-extension.d.ts"), "utf8")];
  return {
    declarations: [
      { module_path: `node_modules/${RUNTIME_PACKAGE}/index.d.ts`, text: runtime },
      ...world.map((text) => ({ module_path: "node_modules/@types/alga-extension/index.d.ts", text })),
    ],
    runtime: own === undefined ? "workbench" : "project",
    sources,
    compiler,
  };
}

/** The sources of a project, its UI's not among them. */
export async function readSources(root: string): Promise<TypeSources["sources"]> {
  const { entries } = await readFileTree(root);
  const sources: { path: string; text: string }[] = [];
  let characters = 0;
  for (const { path, kind } of entries) {
    if (kind !== "file" || !SOURCE.test(path) || path.startsWith("ui/")) continue;
    if (sources.length >= MAX_SOURCES || characters > MAX_SOURCES_CHARACTERS) break;
    // What cannot be read is missing for the compiler too, and it says so where it is imported.
    const file = await containedPath(root, path)
      .then((absolute) => readTextFile(absolute, path))
      .catch(() => undefined);
    if (file === undefined) continue;
    characters += file.text.length;
    sources.push({ path, text: file.text });
  }
  return sources;
}

/** The declarations of the runtime package that Node would find from the project; one file, as it is published. */
async function ownRuntimeTypes(root: string): Promise<string | undefined> {
  for (let folder = root; ; folder = dirname(folder)) {
    const home = join(folder, "node_modules", RUNTIME_PACKAGE);
    const text = await readFile(join(home, "package.json"), "utf8").catch(() => undefined);
    if (text !== undefined) return typesOf(home, text);
    if (folder === dirname(folder)) return undefined;
  }
}

async function typesOf(home: string, packageText: string): Promise<string | undefined> {
  try {
    const described = packageSchema.parse(JSON.parse(packageText));
    const file = join(home, described.types ?? described.typings ?? "index.d.ts");
    const { size } = await stat(file);
    return file.startsWith(home) && size <= MAX_DECLARATION_BYTES ? await readFile(file, "utf8") : undefined;
  } catch {
    return undefined;
  }
}
