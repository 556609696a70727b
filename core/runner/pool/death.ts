import type { GuestOutcome } from "../guest/messages.ts";

/**
 * JavaScript heap of a worker: the glue and what is lifted out of a component. Linear memory is not in it.
 * A component that makes the glue build more than this ends its worker, and nothing else.
 */
export const WORKER_HEAP_MIB = 192;

export function cancelled(message: string): GuestOutcome {
  return { kind: "failure", code: "internal", message };
}

/** What the end of a worker means for the execution on it. */
export function outcomeOfDeath(error: NodeJS.ErrnoException): GuestOutcome {
  if (error.code === "ERR_WORKER_OUT_OF_MEMORY")
    return {
      kind: "failure",
      code: "memory_limit",
      message: `the extension handed the host more than ${WORKER_HEAP_MIB} MiB`,
    };
  return { kind: "failure", code: "internal", message: "the guest's worker failed" };
}
