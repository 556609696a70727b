import { MAX_SIGNATURE_BYTES } from "../../../core/contract/limits.ts";
import type { LocalFile } from "./upload.ts";

/** What was dropped, told apart by name: a bundle, the signature beside it, anchors to judge by. */
export interface BundleFiles<File extends LocalFile> {
  readonly bundle?: File;
  readonly signature?: File;
  readonly trust?: File;
  /** Files that are none of these, or one too many of a kind. */
  readonly ignored: readonly File[];
}

type Role = "bundle" | "signature" | "trust";

const ROLES: readonly (readonly [Role, RegExp])[] = [
  ["signature", /(^|\.)signature$|\.(sig|p7s|cms)$/i],
  ["trust", /\.(pem|crt|cer)$/i],
  ["bundle", /\.(zst|tzst|bundle)$/i],
];

export function sortBundleFiles<File extends LocalFile>(files: readonly File[]): BundleFiles<File> {
  const found: { bundle?: File; signature?: File; trust?: File } = {};
  const ignored: File[] = [];
  for (const file of files) {
    const role = roleOf(file);
    if (role === undefined || found[role] !== undefined) ignored.push(file);
    else found[role] = file;
  }
  return { ...found, ignored };
}

/** A file without a telling name is a bundle if it is too large to be anything else. */
function roleOf(file: LocalFile): Role | undefined {
  const named = ROLES.find(([, pattern]) => pattern.test(file.name))?.[0];
  return named ?? (file.size > MAX_SIGNATURE_BYTES ? "bundle" : undefined);
}
