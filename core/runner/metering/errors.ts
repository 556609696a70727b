import { WorkbenchError } from "../../contract/errors.ts";

export type MeteringErrorCode =
  /** Not a WebAssembly core module, truncated, or rejected by the engine's own validation. */
  | "malformed_module"
  /** Valid for the engine but unknown to the rewriter: it refuses what it cannot meter. */
  | "unsupported_instruction"
  | "unsupported_feature"
  /** A size or count beyond what the engine would take after the rewrite. */
  | "module_too_large"
  | "memory_too_large"
  | "table_too_large"
  /** The module uses a name that the rewrite keeps for itself. */
  | "reserved_name";

/** Why a core module cannot be metered. Messages carry offsets and opcodes, never names out of the module. */
export class MeteringError extends WorkbenchError<MeteringErrorCode> {}

/** An instruction that the rewrite does not know. */
export function unsupported(offset: number, ...opcode: number[]): MeteringError {
  return new MeteringError({
    code: "unsupported_instruction",
    message: `The module uses an instruction that cannot be metered, at byte ${offset}.`,
    details: { offset, opcode: opcode.map((byte) => `0x${byte.toString(16)}`).join(" ") },
    hint: "Build the component without experimental WebAssembly features.",
  });
}
