import type { InstalledExtension } from "../contract/install.ts";
import { verificationCodeSchema } from "../contract/verification.ts";
import { allow, deny, type Verdict } from "./decision.ts";

export interface InstallFacts {
  readonly install: Pick<InstalledExtension, "install_id" | "enabled"> | undefined;
}

/** The tenant has the extension and it is switched on. */
export function installUsable({ install }: InstallFacts): Verdict {
  if (install === undefined) {
    return deny(
      "install",
      "extension_not_installed",
      "The tenant has no such extension installed.",
      "registry",
    );
  }
  if (!install.enabled) {
    return deny("install", "extension_not_installed", "The install is disabled.", "install:enabled");
  }
  return allow("install", `Install ${install.install_id} is enabled.`, "install:enabled");
}

export interface VersionFacts {
  readonly install: Pick<InstalledExtension, "version" | "version_status" | "invalid_code" | "signed">;
}

/**
 * A version that failed verification is never executed; the caller gets the verification's own code.
 * A deprecated version keeps running where it is installed.
 */
export function versionValid({ install }: VersionFacts): Verdict {
  if (install.version_status === "invalid") {
    const code = verificationCodeSchema.safeParse(install.invalid_code);
    return deny(
      "version",
      code.success ? code.data : "signature_invalid",
      `Version ${install.version} failed verification and is marked invalid.`,
      "registry:version.status",
    );
  }
  const signed = install.signed ? "verified" : "unsigned, allowed by the development tenant's policy";
  const deprecated = install.version_status === "deprecated" ? ", deprecated" : "";
  return allow("version", `Version ${install.version} is ${signed}${deprecated}.`, "registry:version.status");
}
