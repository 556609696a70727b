import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { ProjectError } from "./errors.ts";
import { isFile } from "./project-files.ts";

/** A `tsc` to run: a program and the arguments that come before its own. */
export interface TypeCompiler {
  readonly command: string;
  readonly args: readonly string[];
}

const exePathModule = z.object({ default: z.custom<() => string>((value) => typeof value === "function") });

/** The project's own TypeScript, so that an author's choice of version holds; else the one shipped. */
export async function findTypeCompiler(dir: string): Promise<TypeCompiler> {
  const own = packageFolder(join(dir, "package.json"));
  const compiler = own === undefined ? undefined : await compilerIn(own);
  return compiler ?? (await shippedCompiler());
}

async function shippedCompiler(): Promise<TypeCompiler> {
  const folder = packageFolder(import.meta.filename);
  const compiler = folder === undefined ? undefined : await compilerIn(folder);
  if (compiler) return compiler;
  throw new ProjectError({
    code: "toolchain_missing",
    kind: "environment",
    message: "The TypeScript compiler of the workbench is not installed.",
    hint: "Install the workbench's packages again; `workbench doctor` shows what is missing.",
  });
}

function packageFolder(from: string): string | undefined {
  try {
    return dirname(createRequire(from).resolve("typescript/package.json"));
  } catch {
    return undefined;
  }
}

async function compilerIn(folder: string): Promise<TypeCompiler | undefined> {
  // From version 7 on the compiler is a native program and the package says where.
  const exePath = join(folder, "lib", "getExePath.js");
  if (await isFile(exePath)) {
    try {
      const module: unknown = await import(pathToFileURL(exePath).href);
      return { command: exePathModule.parse(module).default(), args: [] };
    } catch {
      return undefined;
    }
  }
  const script = join(folder, "bin", "tsc");
  return (await isFile(script)) ? { command: process.execPath, args: [script] } : undefined;
}
