import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { $init, generateTypes } from "@bytecodealliance/jco-transpile/component";
import { isDirectory } from "./project-files.ts";
import { narrowWorld, WORLD_NAME, worldText } from "./world.ts";

export interface ProjectWorld {
  readonly wit: string;
  readonly world: string;
  readonly warnings: readonly string[];
}

const PACKAGE = /^package\s+[^;{]+;\s*$/gmu;
const WORLD = /^\s*world\s+%?([a-z][a-z0-9-]*)\s*\{/gm;

/**
 * The world that a project's component is made for: that of its own `wit/` folder, else the shipped one, narrowed
 * to the interfaces that the source imports. A folder that is no valid WIT is passed over with a warning, because
 * project templates of other tools carry one that was never read.
 */
export async function worldOf(dir: string, interfaces: readonly string[]): Promise<ProjectWorld> {
  const shipped = { wit: narrowWorld(await worldText(), interfaces), world: WORLD_NAME };
  const folder = join(dir, "wit");
  if (!(await isDirectory(folder))) return { ...shipped, warnings: [] };
  const wit = await mergedText(folder);
  const worlds = [...wit.matchAll(WORLD)].flatMap((match) => match[1] ?? []);
  const world = worlds.includes(WORLD_NAME) ? WORLD_NAME : worlds.length === 1 ? worlds[0] : undefined;
  const fault = world === undefined ? "it declares no world named runner" : await faultOf(wit, world);
  if (world !== undefined && fault === undefined) return { wit, world, warnings: [] };
  return { ...shipped, warnings: [`wit/ is not used: ${fault}`] };
}

/** The files of one folder as one text: they share a package, declared once. */
async function mergedText(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".wit")).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  const declaration = texts.flatMap((text) => text.match(PACKAGE) ?? [])[0] ?? "";
  return [declaration.trim(), ...texts.map((text) => text.replaceAll(PACKAGE, ""))].join("\n");
}

async function faultOf(wit: string, world: string): Promise<string | undefined> {
  await $init;
  try {
    generateTypes(world, { wit: { tag: "source", val: wit }, world, guest: true });
    return undefined;
  } catch (error) {
    return (
      (error instanceof Error ? error.message : String(error)).split("\n").at(-1) ?? "it cannot be parsed"
    );
  }
}
