import { inc, parse } from "semver";

/** Pre-releases keep the release numbers free for what is published on purpose, and are never a default install. */
const LABEL = "dev";

/**
 * The version under which one turn of the loop is published: `1.2.3` becomes `1.2.3-dev.N`, `1.2.*` becomes `1.2.0-dev.N`,
 * where N counts on from the versions that exist.
 */
export function nextDevelopmentVersion(manifestVersion: string, existing: readonly string[]): string {
  const base = parse(manifestVersion.replace(/\.\*$/, ".0"));
  if (!base) throw new RangeError("the manifest's version is validated before the loop publishes");
  const release = `${base.major}.${base.minor}.${base.patch}`;
  const numbers = existing.flatMap((version) => {
    const found = parse(version);
    if (!found || `${found.major}.${found.minor}.${found.patch}` !== release || found.prerelease[0] !== LABEL)
      return [];
    const [, number] = found.prerelease;
    return typeof number === "number" ? [number] : [];
  });
  return numbers.length === 0
    ? `${release}-${LABEL}.0`
    : (inc(`${release}-${LABEL}.${Math.max(...numbers)}`, "prerelease", LABEL) ?? `${release}-${LABEL}.0`);
}
