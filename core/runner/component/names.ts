import type { InstrumentedModule } from "../metering/index.ts";
import { ComponentError, printable } from "./errors.ts";

/**
 * The generator writes names of core imports and exports into JavaScript **without escaping them** (tried: a name
 * with a quote ends the string literal and what follows it runs). Toolchains use plain ASCII, so everything that
 * could end a literal or reach a prototype is refused.
 */
const SAFE_NAME = /^[\x20\x21\x23-\x26\x28-\x5b\x5d-\x5f\x61-\x7e]*$/u; // printable ASCII but " ' \ `
const PROTOTYPE_NAMES: ReadonlySet<string> = new Set(["__proto__", "prototype", "constructor"]);

export function isSafeName(name: string): boolean {
  return SAFE_NAME.test(name) && !PROTOTYPE_NAMES.has(name);
}

export function requireSafeNames(names: Iterable<string>): void {
  for (const name of names) {
    if (isSafeName(name)) continue;
    throw new ComponentError({
      code: "unsafe_component",
      message: "The component uses a name with characters that are not allowed.",
      details: { name: printable(name) },
      hint: "Use names of printable ASCII characters without quotes, backticks and backslashes.",
    });
  }
}

export function* namesOf({ imports, exports }: InstrumentedModule): Iterable<string> {
  for (const { module, name } of imports) {
    yield module;
    yield name;
  }
  for (const { name } of exports) yield name;
}
