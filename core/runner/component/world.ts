import { INTERFACE_NAMES } from "../../contract/capability.ts";
import { ComponentError, printable } from "./errors.ts";

/** Interfaces of `alga:extension`; a component may import any subset. */
export const EXTENSION_INTERFACES = ["types", ...INTERFACE_NAMES] as const;

/** WASI that the runner may link or stub. Sockets, and anything else, are not there at all. */
const WASI_INTERFACES = [
  "wasi:cli/environment",
  "wasi:cli/exit",
  "wasi:cli/stdin",
  "wasi:cli/stdout",
  "wasi:cli/stderr",
  "wasi:cli/terminal-input",
  "wasi:cli/terminal-output",
  "wasi:cli/terminal-stdin",
  "wasi:cli/terminal-stdout",
  "wasi:cli/terminal-stderr",
  "wasi:clocks/monotonic-clock",
  "wasi:clocks/wall-clock",
  "wasi:clocks/timezone",
  "wasi:random/random",
  "wasi:random/insecure",
  "wasi:random/insecure-seed",
  "wasi:io/error",
  "wasi:io/poll",
  "wasi:io/streams",
  "wasi:filesystem/preopens",
  "wasi:filesystem/types",
  "wasi:http/types",
  "wasi:http/outgoing-handler",
] as const;

const KNOWN_IMPORTS: ReadonlySet<string> = new Set([
  ...EXTENSION_INTERFACES.map((name) => `alga:extension/${name}`),
  ...WASI_INTERFACES,
]);

/** `alga:extension/http@1.2.0` without its version, which the host does not tell apart. */
export function interfaceName(name: string): string {
  return name.replace(/@[0-9A-Za-z.+-]+$/u, "");
}

export function requireKnownImports(imports: readonly string[]): void {
  const unknown = imports.filter((name) => !KNOWN_IMPORTS.has(interfaceName(name)));
  if (unknown.length === 0) return;
  throw new ComponentError({
    code: "unknown_import",
    message: "The component imports interfaces that the runner does not offer.",
    details: { unknown: unknown.slice(0, 20).map(printable) },
    hint: "Build the component for the world `alga:extension/runner`.",
  });
}

export const HANDLER_EXPORT = "handler";

export function requireHandler(exports: readonly (readonly [string, string])[]): void {
  if (exports.some(([name, kind]) => name === HANDLER_EXPORT && kind === "function")) return;
  throw new ComponentError({
    code: "wrong_exports",
    message: "The component does not export the function `handler`.",
    details: { expected: HANDLER_EXPORT, actual: exports.slice(0, 20).map(([name]) => printable(name)) },
    hint: "Export `handler(request)` from the extension's entry module.",
  });
}

/**
 * The world's handler answers when it returns. Called as such, an asynchronous one would go on after the answer, and what
 * fails in it then would end its thread.
 */
export function requireSynchronousHandler(glue: string): void {
  if (!glue.includes(`async function ${HANDLER_EXPORT}(`)) return;
  throw new ComponentError({
    code: "wrong_exports",
    message: `The component exports the function \`${HANDLER_EXPORT}\` as an asynchronous one.`,
    hint: "Build the component for the world `alga:extension/runner`.",
  });
}
