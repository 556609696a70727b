import { TooManyHandles } from "./glue-host.ts";
import { TooMuchLifted } from "./lift-budget.ts";
import { type ComponentUsage, InitialSizeError } from "./meter.ts";

/**
 * Why an instantiation or a call threw.
 * `interrupted`: by the watch that the invocation was given. `trap`: the guest's own (an uncaught exception in the handler ends as one); `error`: anything else, such as a
 * response outside the contract or an exception of a host function.
 */
export type FailureCause =
  | "interrupted"
  | "fuel_exhausted"
  | "memory_limit"
  | "stack_overflow"
  | "trap"
  | "error";

const OUT_OF_ROOM = [InitialSizeError, TooManyHandles, TooMuchLifted];

export function failureOf(error: unknown, usage: ComponentUsage): FailureCause {
  // The guest cannot set the counters, so they say more than the error does.
  if (usage.interrupted) return "interrupted";
  if (usage.fuelExhausted) return "fuel_exhausted";
  if (OUT_OF_ROOM.some((kind) => error instanceof kind)) return "memory_limit";
  // Toolchains answer a failed allocation with `unreachable` or an abort of their own.
  if (usage.memoryLimitHit) return "memory_limit";
  if (error instanceof RangeError) return isStackOverflow(error) ? "stack_overflow" : "error";
  return error instanceof WebAssembly.RuntimeError ? "trap" : "error";
}

function isStackOverflow(error: RangeError): boolean {
  return error.message === "Maximum call stack size exceeded";
}
