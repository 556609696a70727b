import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..", "renderer");

/** Classes that stand alone in a selector: what they say counts wherever the class is used, in every screen. */
function ownClasses(css: string): string[] {
  const rules = css.replace(/\/\*.*?\*\//gs, "").matchAll(/([^{}]+)\{/g);
  return [...rules].flatMap(([, selectors = ""]) =>
    selectors
      .replace(/\([^()]*\)/g, "")
      .split(",")
      .flatMap((selector) => /^\s*\.([\w-]+)\s*$/.exec(selector)?.[1] ?? []),
  );
}

// All screens are on one page and fetched ahead: a second meaning would show in both.
test("no class is laid out by two folders", () => {
  const owners = new Map<string, Set<string>>();
  for (const file of globSync("**/*.css", { cwd: root }))
    for (const name of ownClasses(readFileSync(join(root, file), "utf8")))
      owners.set(name, (owners.get(name) ?? new Set()).add(dirname(file)));
  expect(owners.size).toBeGreaterThan(100);
  expect([...owners].filter(([, folders]) => folders.size > 1)).toEqual([]);
});
