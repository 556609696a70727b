import { realpath } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { reasonOf, refusedPath } from "./errors.ts";

/** Beyond it most file systems refuse the name, each in words of its own. */
const MAX_SEGMENT_BYTES = 255;
/** Folders that the window neither shows nor touches: other tools own them. */
const FOREIGN_FOLDERS = new Set([".git", "node_modules"]);

/**
 * Absolute path of one of the project's files, there or yet to be made. A path is refused when it is not plainly below
 * the project, and when a link on its way leads out: what is opened by a page must never reach the rest of the disk.
 * @param root the project's folder, links resolved
 */
export async function containedPath(root: string, path: string): Promise<string> {
  const segments = path.split("/");
  for (const segment of segments) requireSegment(path, segment);
  const file = join(root, ...segments);
  const real = await realPathOf(file);
  if (real !== root && !real.startsWith(root.endsWith(sep) ? root : root + sep)) {
    throw refusedPath(path, "a link on its way leads out of the project");
  }
  return file;
}

function requireSegment(path: string, segment: string): void {
  if (segment === "") throw refusedPath(path, "it has an empty part");
  if (segment === "." || segment === "..") throw refusedPath(path, `it contains "${segment}"`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this refuses.
  if (/[\\\u0000-\u001f\u007f]/.test(segment))
    throw refusedPath(path, "it contains a character that no name should");
  if (process.platform === "win32" && /[<>:"|?*]|[. ]$/.test(segment)) {
    throw refusedPath(path, "it contains a character that Windows gives a meaning of its own");
  }
  if (Buffer.byteLength(segment) > MAX_SEGMENT_BYTES) throw refusedPath(path, "a part of it is too long");
  if (FOREIGN_FOLDERS.has(segment)) throw refusedPath(path, `${segment} belongs to another tool`);
}

/** Links resolved, as far as the path exists; what is yet to be made follows as it is written. */
async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const reason = reasonOf(error);
    if ((reason !== "ENOENT" && reason !== "ENOTDIR") || path === dirname(path)) {
      throw refusedPath(basename(path), `it cannot be followed (${reason})`);
    }
    return join(await realPathOf(dirname(path)), basename(path));
  }
}
