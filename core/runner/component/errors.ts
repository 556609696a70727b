import { WorkbenchError } from "../../contract/errors.ts";

export type ComponentErrorCode =
  /** A core module, or no WebAssembly at all. */
  | "not_a_component"
  /** Rejected by the component parser. */
  | "invalid_component"
  /** Asks for something outside the runner's world. */
  | "unknown_import"
  /** Does not export `handler` as a function. */
  | "wrong_exports"
  /** Holds names, or leads to generated code, that could do more than the component may. */
  | "unsafe_component"
  /** More core modules, or deeper nesting, than any toolchain makes. */
  | "component_too_large";

/** Why a component cannot be prepared. Names out of the component appear in `details` only, made printable. */
export class ComponentError extends WorkbenchError<ComponentErrorCode> {}

const MAX_SHOWN_LENGTH = 300;

/** Untrusted text cut and reduced to printable ASCII, for `details`. */
export function printable(text: string): string {
  return text.slice(0, MAX_SHOWN_LENGTH).replace(/[^\x20-\x7e]/gu, "?");
}
