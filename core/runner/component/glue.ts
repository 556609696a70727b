import { Buffer } from "node:buffer";
import type { GlueHost } from "./glue-host.ts";

/** What generated glue offers. It instantiates synchronously, from modules compiled beforehand. */
export interface Glue {
  instantiate(
    getCoreModule: (name: string) => WebAssembly.Module,
    imports: ComponentImports,
    host: GlueHost,
  ): GlueCode;
}

/** Glue without state: `withKeptCode` made it so. */
export interface GlueCode {
  /** Its functions and classes, and the properties of each that every run sets anew. */
  readonly kept: readonly { readonly value: object; readonly fields: readonly string[] }[];
  /** Makes all state of the glue anew and answers the component's exports. */
  run(): Record<string, unknown>;
}

/** Host functions and resource classes by interface, such as `alga:extension/http`, in JavaScript's spelling. */
export type ComponentImports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Shown in stack traces instead of the whole source. */
const SOURCE_NAME = "extension-glue.js";

/**
 * Loads generated glue as a module. A `data:` URL needs neither a file nor code from strings, so it works under
 * Node's permission flags; a module stays loaded for the life of its thread, so load each source once.
 */
export async function loadGlue(source: string): Promise<Glue> {
  const encoded = Buffer.from(`${source}\n//# sourceURL=${SOURCE_NAME}\n`, "utf8").toString("base64");
  const glue: unknown = await import(`data:text/javascript;base64,${encoded}`);
  if (!isGlue(glue)) throw new TypeError("The generated glue exports no `instantiate`.");
  return glue;
}

function isGlue(module: unknown): module is Glue {
  return (
    typeof module === "object" &&
    module !== null &&
    "instantiate" in module &&
    typeof module.instantiate === "function"
  );
}
