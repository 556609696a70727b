import { MAX_ENTRY_PATH_BYTES } from "../contract/limits.ts";
import { BundleError, type BundleErrorCode, printable } from "./errors.ts";

/** C0 and C1 controls, and the marks that make a name read as another one. */
const CONTROL_OR_DIRECTION_MARK = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u;
const WINDOWS_DRIVE = /^[a-zA-Z]:/;
const LONE_SURROGATE = /\p{Cs}/u;

/**
 * The one spelling of an entry's path: relative, `/` between segments, no `.`, no empty segments.
 * A leading `./` and doubled slashes are other tools' habits and are folded away; anything that could name a
 * place outside the bundle, on any platform, is refused with its own code.
 */
export function entryPath(raw: string, maxBytes: number = MAX_ENTRY_PATH_BYTES): string {
  if (CONTROL_OR_DIRECTION_MARK.test(raw)) throw refused("path_control_character", raw, CONTROL_MESSAGE);
  if (LONE_SURROGATE.test(raw)) throw refused("path_not_utf8", raw, "An entry's path is not valid Unicode.");
  if (raw.startsWith("/") || raw.startsWith("\\") || WINDOWS_DRIVE.test(raw)) {
    throw refused("path_absolute", raw, "An entry's path is absolute.");
  }
  if (raw.split(/[\\/]/).includes("..")) {
    throw refused("path_traversal", raw, "An entry's path climbs out of the bundle.");
  }
  if (raw.includes("\\")) {
    throw refused(
      "path_backslash",
      raw,
      "An entry's path holds a backslash, which separates folders on Windows.",
    );
  }
  const path = raw
    .split("/")
    .filter((segment) => segment !== "" && segment !== ".")
    .join("/");
  const bytes = Buffer.byteLength(path);
  if (bytes > maxBytes) {
    throw refused("path_too_long", raw, `An entry's path is ${bytes} bytes long; ${maxBytes} are allowed.`);
  }
  return path;
}

/** The path of a file: {@link entryPath}, and not empty. */
export function filePath(raw: string, maxBytes: number = MAX_ENTRY_PATH_BYTES): string {
  const path = entryPath(raw, maxBytes);
  if (path === "") throw refused("path_empty", raw, "An entry has no name.");
  return path;
}

const CONTROL_MESSAGE = "An entry's path holds a control character.";

function refused(code: BundleErrorCode, raw: string, message: string): BundleError {
  return new BundleError({
    code,
    message,
    details: { path: printable(raw) },
    hint: "Pack the bundle again with relative, plain file names.",
  });
}
