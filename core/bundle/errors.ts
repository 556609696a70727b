import { WorkbenchError } from "../contract/errors.ts";

export type BundleErrorCode =
  // The compressed file.
  | "archive_too_large"
  | "archive_not_zstd"
  | "archive_truncated"
  | "archive_corrupt"
  | "archive_not_single_frame"
  | "archive_trailing_data"
  | "archive_window_too_large"
  | "archive_needs_dictionary"
  // What it unpacks to.
  | "unpacked_too_large"
  | "expansion_too_large"
  | "tar_truncated"
  | "tar_corrupt"
  | "tar_trailing_data"
  | "tar_header_too_large"
  // One entry.
  | "too_many_entries"
  | "entry_too_large"
  | "entry_is_link"
  | "entry_is_device"
  | "entry_type_unsupported"
  | "entry_duplicate"
  | "entry_case_collision"
  | "entry_file_and_directory"
  | "path_empty"
  | "path_too_long"
  | "path_traversal"
  | "path_absolute"
  | "path_backslash"
  | "path_control_character"
  | "path_not_utf8"
  // What the entries say.
  | "manifest_missing"
  | "manifest_too_large"
  | "manifest_invalid"
  // The lock file behind an SBOM.
  | "lock_file_missing"
  | "lock_file_invalid";

/** A bundle, manifest or lock file that cannot be accepted. `details` say where; file contents never appear. */
export class BundleError extends WorkbenchError<BundleErrorCode> {}

/**
 * A string from an archive, made safe to print: control characters and direction marks escaped, at most 120
 * characters. An entry's name is the attacker's to choose, and errors end up in terminals and logs.
 */
export function printable(text: string): string {
  const shown = text.length > MAX_PRINTED_CHARACTERS ? `${text.slice(0, MAX_PRINTED_CHARACTERS)}…` : text;
  return shown.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
}

const MAX_PRINTED_CHARACTERS = 120;
