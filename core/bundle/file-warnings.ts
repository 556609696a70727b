import { INNER_SIGNATURE_FILE } from "../contract/bundle-path.ts";
import { printable } from "./errors.ts";
import type { InspectionWarning } from "./inspection-warning.ts";

/** Names that Windows keeps for devices, with or without an extension. */
const WINDOWS_DEVICE = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;
const WINDOWS_FORBIDDEN = /[<>:"|?*]|[. ]$/;

/** Files that a build picks up by accident and that nobody means to publish. */
const SENSITIVE =
  /(^|\/)(\.env(\.[^/]*)?|\.npmrc|\.netrc|id_(rsa|dsa|ecdsa|ed25519)|[^/]+\.(key|pem|p12|pfx|jks))$/i;

/** What the files' names alone give away. */
export function fileWarnings(paths: readonly string[]): InspectionWarning[] {
  return paths.flatMap((path) => {
    const file = printable(path);
    const warnings: InspectionWarning[] = [];
    if (path === INNER_SIGNATURE_FILE) {
      warnings.push({
        code: "inner_signature_ignored",
        message:
          "The SIGNATURE inside the archive is ignored: only a detached one beside the archive can cover its bytes.",
        file,
      });
    }
    if (path.split("/").some((name) => WINDOWS_DEVICE.test(name) || WINDOWS_FORBIDDEN.test(name))) {
      warnings.push({
        code: "path_not_portable",
        message: "This file's name is not possible on Windows.",
        file,
      });
    }
    if (SENSITIVE.test(path)) {
      warnings.push({
        code: "sensitive_file",
        message: "This file looks like a secret; everything in a bundle is public.",
        file,
      });
    }
    return warnings;
  });
}
