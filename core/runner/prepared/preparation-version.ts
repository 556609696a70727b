import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Folders of the code that makes the prepared form. */
const MAKERS = ["component", "metering"];
const GENERATOR = "@bytecodealliance/jco-transpile";

/**
 * Changes with every change of the rewrite, of what is checked, and of the generator: a prepared form of another
 * version is never used. Taken from the code itself, because a number beside it would be forgotten.
 */
export function preparationVersion(): string {
  const digest = createHash("sha256").update(generatorVersion());
  const code = dirname(import.meta.dirname);
  for (const folder of MAKERS) {
    for (const name of readdirSync(join(code, folder)).sort())
      digest.update(name).update(readFileSync(join(code, folder, name)));
  }
  return digest.digest("hex");
}

/** The package exports no `package.json`, so it is found from the resolved entry upwards. */
function generatorVersion(): string {
  let folder = dirname(createRequire(import.meta.url).resolve(`${GENERATOR}/component`));
  for (;;) {
    try {
      return readFileSync(join(folder, "package.json"), "utf8");
    } catch {
      if (folder === dirname(folder)) return "unknown";
      folder = dirname(folder);
    }
  }
}
