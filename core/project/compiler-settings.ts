import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { WorkbenchError } from "../contract/errors.ts";
import type { TypeSources } from "../contract/rpc/project.ts";

const SETTINGS = /^tsconfig.*\.json$/;

/** A project's own compiler settings, asked of the compiler when one of the files beside them has changed. */
export interface CompilerSettings {
  of(dir: string): Promise<TypeSources["compiler"]>;
}

export function createCompilerSettings(
  read: (dir: string) => Promise<Record<string, unknown> | undefined>,
): CompilerSettings {
  let known: { readonly stamp: string; readonly compiler: Promise<TypeSources["compiler"]> } | undefined;
  return {
    async of(dir) {
      const stamp = await stampOf(dir);
      if (known?.stamp !== stamp) known = { stamp, compiler: compilerOf(read(dir)) };
      return known.compiler;
    },
  };
}

async function compilerOf(
  reading: Promise<Record<string, unknown> | undefined>,
): Promise<TypeSources["compiler"]> {
  try {
    const options = await reading;
    return options === undefined ? {} : { options };
  } catch (error) {
    return { fault: faultOf(error) };
  }
}

function faultOf(error: unknown): string {
  const problems = error instanceof WorkbenchError ? error.details?.["problems"] : undefined;
  const first: unknown = Array.isArray(problems) ? problems[0] : undefined;
  if (typeof first === "string") return first;
  return error instanceof Error ? error.message : "The compiler failed.";
}

async function stampOf(dir: string): Promise<string> {
  const names = (await readdir(dir).catch(() => [])).filter((name) => SETTINGS.test(name)).sort();
  const stamps = names.map(async (name) => {
    const found = await stat(join(dir, name)).catch(() => undefined);
    return [name, found?.size, found?.mtimeMs].join(":");
  });
  return [dir, ...(await Promise.all(stamps))].join("\n");
}
