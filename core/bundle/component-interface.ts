import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { printable } from "./errors.ts";

/** What a component asks of its host and what it offers, as WIT names: `alga:extension/secrets`, `handler`. */
export interface ComponentInterface {
  readonly imports: string[];
  readonly exports: string[];
}

export type ComponentReading =
  | { readonly ok: true; readonly component: ComponentInterface }
  | {
      readonly ok: false;
      readonly code: "component_is_core_module" | "component_invalid";
      readonly reason: string;
    };

/** A sound component of the largest size takes well under a tenth of it on a slow machine. */
const READING_TIMEOUT_MS = 30_000;

const WASM_MAGIC = "0061736d";
const CORE_VERSION = "01000000";
const COMPONENT_VERSION = "0d000100";

/**
 * Reads a component's interface with the component toolchain's own parser, which also validates the component.
 * The bytes are untrusted and the parser is a large program: it runs in a thread of its own, which a component
 * made to keep it busy forever loses.
 */
export async function readComponentInterface(bytes: Uint8Array): Promise<ComponentReading> {
  const preamble = Buffer.from(bytes.subarray(0, 8)).toString("hex");
  if (preamble === WASM_MAGIC + CORE_VERSION) {
    return { ok: false, code: "component_is_core_module", reason: "it is a core WebAssembly module" };
  }
  if (preamble !== WASM_MAGIC + COMPONENT_VERSION) {
    return { ok: false, code: "component_invalid", reason: "it is not WebAssembly" };
  }
  const wit = await decode(bytes);
  return typeof wit === "string"
    ? { ok: true, component: interfaceOf(wit) }
    : { ok: false, code: "component_invalid", reason: wit.reason };
}

function decode(bytes: Uint8Array): Promise<string | { reason: string }> {
  // Beside this file and with its extension, which is another one once the workbench is built.
  const entry = new URL(`./component-worker${extname(import.meta.filename)}`, import.meta.url);
  const worker = new Worker(entry, { workerData: bytes, env: {}, argv: [], stdout: true, stderr: true });
  return new Promise((resolve) => {
    const settle = (answer: string | { reason: string }) => {
      clearTimeout(timer);
      resolve(answer);
      void worker.terminate();
    };
    const timer = setTimeout(() => settle({ reason: "reading it takes too long" }), READING_TIMEOUT_MS);
    worker.once("message", (wit: unknown) =>
      settle(typeof wit === "string" ? wit : { reason: "it cannot be read" }),
    );
    worker.once("error", (error: unknown) => settle({ reason: reasonOf(error) }));
    worker.once("exit", () => settle({ reason: "it cannot be read" }));
  });
}

/** The parser's own words, made printable: they quote names that the component's author chose. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const lines = message.split("\n").filter((line) => line.trim() !== "");
  return printable((lines[1] ?? lines[0] ?? "it cannot be read").trim());
}

/** `import name;`, `export name: func…;` of the root world, which the parser prints with an indent of two. */
const WORLD_ITEM = /^ {2}(import|export) (%?[^\s;{]+?)(?:;|: .*)$/gm;

function interfaceOf(wit: string): ComponentInterface {
  const items = [...wit.matchAll(WORLD_ITEM)].map(([, direction = "", name = ""]) => ({ direction, name }));
  const named = (wanted: string) =>
    items.filter(({ direction }) => direction === wanted).map(({ name }) => name);
  return { imports: named("import"), exports: named("export") };
}
