import { readFile } from "node:fs/promises";
import { resourcePath } from "./resources.ts";

/** Package and world that every extension's component is made for. */
export const WORLD_NAME = "runner";
export const INTERFACE_PREFIX = "alga:extension/";

const WORLD_IMPORT = /^ {2}import ([a-z0-9-]+);\n/gm;

/** The WIT text of package `alga:extension` with the whole world `runner`. */
export function worldText(): Promise<string> {
  return readFile(resourcePath("wit", "extension.wit"), "utf8");
}

/** Names of the interfaces that the world in `text` imports, in the order of the file. */
export function importableInterfaces(text: string): string[] {
  return [...text.matchAll(WORLD_IMPORT)].flatMap((match) => match[1] ?? []);
}

/**
 * The same package with a world that imports only `interfaces`.
 * A component must not ask its host for what it never calls: a host that knows fewer interfaces still links it,
 * and inspection shows what the code can reach.
 */
export function narrowWorld(text: string, interfaces: Iterable<string>): string {
  const wanted = new Set(interfaces);
  return text.replace(WORLD_IMPORT, (line, name: string) => (wanted.has(name) ? line : ""));
}
