import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { parseSync } from "oxc-parser";

export interface SourceImport {
  /** Importing file, relative to the repository, with forward slashes. */
  readonly from: string;
  /** Repository-relative path for relative imports, else the package's name (`node:` for built-ins). */
  readonly to: string;
  readonly typeOnly: boolean;
}

const SOURCE = /\.(ts|tsx|mts)$/;

/** Every static, dynamic (with a literal) and type import of the sources below the given folders. */
export function importsOf(root: string, folders: readonly string[]): SourceImport[] {
  return folders
    .flatMap((folder) => filesBelow(join(root, folder)))
    .flatMap((file) => importsOfFile(root, file));
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && SOURCE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

function importsOfFile(root: string, file: string): SourceImport[] {
  const text = readFileSync(file, "utf8");
  const { module } = parseSync(file, text);
  const from = slashes(relative(root, file));
  const named = [
    ...module.staticImports.map((entry) => ({
      specifier: entry.moduleRequest.value,
      typeOnly: entry.entries.length > 0 && entry.entries.every((item) => item.isType),
    })),
    ...module.staticExports.flatMap((entry) =>
      entry.entries.flatMap((item) =>
        item.moduleRequest ? [{ specifier: item.moduleRequest.value, typeOnly: item.isType }] : [],
      ),
    ),
    ...module.dynamicImports.flatMap((entry) => {
      const literal = text.slice(entry.moduleRequest.start, entry.moduleRequest.end).match(/^["'](.+)["']$/);
      return literal?.[1] ? [{ specifier: literal[1], typeOnly: false }] : [];
    }),
  ];
  return named.map(({ specifier, typeOnly }) => ({ from, to: targetOf(root, file, specifier), typeOnly }));
}

function targetOf(root: string, file: string, specifier: string): string {
  if (specifier.startsWith(".")) return slashes(relative(root, join(dirname(file), specifier)));
  if (specifier.startsWith("node:")) return "node:";
  const [scope = "", name = ""] = specifier.split("/");
  return scope.startsWith("@") ? `${scope}/${name}` : scope;
}

function slashes(path: string): string {
  return path.replaceAll("\\", "/");
}
