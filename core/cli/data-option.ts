import type { CommandContext } from "./context.ts";
import { readFile } from "./files.ts";
import { readStdin } from "./terminal.ts";

/** Bytes given as `TEXT`, `@FILE` or `@-` for standard input. */
export function dataOf(context: CommandContext, given: string): Promise<Uint8Array> {
  if (!given.startsWith("@")) return Promise.resolve(Buffer.from(given, "utf8"));
  return given === "@-" ? readStdin(context.terminal) : readFile(context.path(given.slice(1)));
}

/** The same as text, for what must be JSON. */
export async function textOf(context: CommandContext, given: string): Promise<string> {
  return Buffer.from(await dataOf(context, given)).toString("utf8");
}
