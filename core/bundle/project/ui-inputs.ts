import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { MIB } from "../../contract/limits.ts";

/** What a UI script never reads: outputs, what other tools own, and the window's requests. */
const FOREIGN = new Set(["node_modules", ".git", "dist", "coverage", "requests"]);
const HANDLER_FOLDER = "src";
const MENTIONS_HANDLER = /["'`](?:\.{1,2}\/)*src\//;
/** Settings that name the handler's folder for the handler's sake. */
const DESCRIPTIONS = new Set(["package.json", "tsconfig.json", "workbench.json", "package-lock.json"]);
/** Beyond either, looking costs more than building. */
const MAX_FILES = 2_000;
const MAX_BYTES = 32 * MIB;

/**
 * Names the content of everything that a project's UI script may be thought to read; `undefined` when that cannot be told at a
 * reasonable price. The handler's folder counts only when something outside it mentions it: a script is free to read what
 * it likes, but what it imports it has to name.
 */
export async function uiInputs(dir: string): Promise<string | undefined> {
  const hash = createHash("sha256");
  let files = 0;
  let bytes = 0;
  let mentionsHandler = false;
  const walk = async (folder: string, prefix: string): Promise<boolean> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
    if (entries === undefined) return false;
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = prefix + entry.name;
      if (prefix === "" && (FOREIGN.has(entry.name) || entry.name === HANDLER_FOLDER)) continue;
      const file = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!(await walk(file, `${path}/`))) return false;
        continue;
      }
      const found = await stat(file).catch(() => undefined);
      if (found === undefined || !found.isFile()) return false;
      files += 1;
      bytes += found.size;
      if (files > MAX_FILES || bytes > MAX_BYTES) return false;
      const content = await readFile(file).catch(() => undefined);
      if (content === undefined) return false;
      mentionsHandler ||= !DESCRIPTIONS.has(path) && MENTIONS_HANDLER.test(content.toString("latin1"));
      hash.update(JSON.stringify([path, content.length])).update(content);
    }
    return true;
  };
  if (!(await walk(dir, ""))) return undefined;
  if (mentionsHandler && !(await walk(join(dir, HANDLER_FOLDER), `${HANDLER_FOLDER}/`))) return undefined;
  return hash.digest("hex");
}
