import { readFile } from "node:fs/promises";
import { resourcePath } from "../../platform/resources.ts";

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

/** The host's entropy, for an engine whose own would be frozen into the component. */
export const ENTROPY_INTERFACE = "wasi:random/random@0.2.12";
const ENTROPY_PACKAGE = `
package wasi:random@0.2.12 {
  interface random {
    get-random-bytes: func(len: u64) -> list<u8>;
  }
}
`;

/** The text of `wit` with `ENTROPY_INTERFACE` among the imports of `world`. */
export function withEntropy(wit: string, world: string): string {
  const imported = wit.replace(
    new RegExp(`^(\\s*world\\s+%?${world}\\s*\\{)`, "m"),
    `$1\n  import ${ENTROPY_INTERFACE};`,
  );
  return imported.includes("package wasi:random@") ? imported : `${imported}${ENTROPY_PACKAGE}`;
}
