import semver from "semver";
import { RegistryError } from "./errors.ts";
import type { VersionEntry } from "./shapes.ts";

/** The version under which a manifest's `version` is stored, given what the extension has already. */
export type VersionPlan =
  | { readonly kind: "create"; readonly version: string }
  | { readonly kind: "same"; readonly existing: VersionEntry }
  | { readonly kind: "conflict"; readonly existing: VersionEntry };

const WILDCARD = /^(\d+)\.(\d+)\.\*$/;

/**
 * The same bytes are the same version; other bytes under a taken version are a conflict. `x.y.*` takes the patch
 * after the highest released one. Build metadata does not make a version another one (semver 2.0.0, rule 10).
 */
export function planVersion(
  wanted: string,
  contentHash: string,
  existing: readonly VersionEntry[],
): VersionPlan {
  const same = existing.find((entry) => entry.content_hash === contentHash);
  if (same) return { kind: "same", existing: same };
  const wildcard = WILDCARD.exec(wanted);
  // The manifest's grammar allows numbers that no longer compare exactly (beyond 2^53).
  if (semver.valid(wildcard ? `${wildcard[1]}.${wildcard[2]}.0` : wanted) === null) {
    throw new RegistryError({
      code: "invalid_version",
      message: `The manifest's version ${printable(wanted)} is not one that can be compared with others.`,
      details: { expected: "a semantic version of at most 256 characters, its numbers below 2^53" },
    });
  }
  if (wildcard) return { kind: "create", version: nextPatch(`${wildcard[1]}.${wildcard[2]}`, existing) };
  const taken = existing.find((entry) => semver.eq(entry.version, wanted));
  return taken ? { kind: "conflict", existing: taken } : { kind: "create", version: wanted };
}

function nextPatch(line: string, existing: readonly VersionEntry[]): string {
  const patches = existing
    .filter((entry) => !entry.prerelease && entry.version.startsWith(`${line}.`))
    .map((entry) => semver.patch(entry.version));
  return `${line}.${Math.max(-1, ...patches) + 1}`;
}

/** Newest first by semver precedence. */
export function newestFirst(versions: readonly VersionEntry[]): VersionEntry[] {
  return [...versions].sort((a, b) => semver.rcompare(a.version, b.version));
}

/** What `install` takes when no version is named; `undefined` when nothing qualifies. */
export function latestOf(versions: readonly VersionEntry[]): VersionEntry | undefined {
  return newestFirst(versions).find(
    (entry) => entry.status === "valid" && !entry.deprecated && !entry.prerelease,
  );
}

/**
 * Chooses what to install. A version that is marked invalid may be named: it is verified again in any case, and
 * the answer is then the exact reason, or a recovery.
 * Errors: `version_not_found`, `version_deprecated`.
 */
export function chooseVersion(
  name: string,
  versions: readonly VersionEntry[],
  wanted: string | undefined,
): VersionEntry {
  if (wanted !== undefined) {
    const found = versions.find((entry) => entry.version_id === wanted || sameVersion(entry.version, wanted));
    if (found) return found;
    throw new RegistryError({
      code: "version_not_found",
      message: `${name} has no version ${printable(wanted)}.`,
      details: { available: newestFirst(versions).map((entry) => entry.version) },
    });
  }
  const latest = latestOf(versions);
  if (latest) return latest;
  const ordered = newestFirst(versions);
  const invalid = ordered.find(
    (entry) => entry.status === "invalid" && !entry.prerelease && !entry.deprecated,
  );
  if (invalid) return invalid;
  const newest = ordered.find((entry) => entry.prerelease && !entry.deprecated) ?? ordered[0];
  if (!newest) throw new RegistryError({ code: "version_not_found", message: `${name} has no versions.` });
  throw new RegistryError({
    code: newest.deprecated ? "version_deprecated" : "version_not_found",
    message: newest.deprecated
      ? `Every version of ${name} is deprecated.`
      : `${name} has pre-releases only, and those are installed by name.`,
    hint: `Name the version, for example --version ${newest.version}.`,
  });
}

function sameVersion(a: string, wanted: string): boolean {
  const parsed = semver.parse(wanted);
  return parsed !== null && semver.eq(a, parsed);
}

/** A version as given, cut to what may stand in a message. */
function printable(text: string): string {
  return JSON.stringify(text.slice(0, 64));
}
