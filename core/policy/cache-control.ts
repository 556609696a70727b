/** One year, the longest that HTTP caches honour. */
const MAX_AGE_S = 31_536_000;
const FLAGS: ReadonlySet<string> = new Set([
  "no-store",
  "no-cache",
  "private",
  "must-revalidate",
  "immutable",
]);
const AGES: ReadonlySet<string> = new Set(["max-age", "stale-while-revalidate", "stale-if-error"]);

/**
 * The value in normal form when every directive is safe, else `undefined`. Safe is what only the caller's own cache
 * acts on: `public` and `s-maxage` would let a shared cache hand one tenant's answer to another.
 */
export function safeCacheControl(value: string): string | undefined {
  const directives = value
    .toLowerCase()
    .split(",")
    .map((directive) => directive.trim())
    .filter((directive) => directive !== "");
  return directives.length > 0 && directives.every(isSafe) ? directives.join(", ") : undefined;
}

function isSafe(directive: string): boolean {
  if (FLAGS.has(directive)) return true;
  const [name, seconds, ...rest] = directive.split("=");
  if (name === undefined || seconds === undefined || rest.length > 0) return false;
  return AGES.has(name) && /^\d{1,9}$/.test(seconds) && Number(seconds) <= MAX_AGE_S;
}
