import { z } from "zod";
import { keptExchangeSchema } from "../execution-exchange.ts";
import { MAX_REPRODUCTION_BYTES, reproductionSchema } from "../reproduction.ts";

/** Recorded calls as files. */
export const reproductionProcedures = {
  /** Errors: `execution_not_found`, `reproduction_not_possible`. */
  "executions.reproduction": {
    input: z.strictObject({
      id: z.string().min(1).max(256),
      /** What the asking window kept of it. */
      kept: keptExchangeSchema.optional(),
    }),
    output: z.object({ file_name: z.string(), text: z.string(), reproduction: reproductionSchema }),
  },
  /**
   * Judges a file and answers what is in it; nothing is sent. Errors: `reproduction_unreadable`,
   * `reproduction_too_large`, `reproduction_invalid`.
   */
  "reproduction.read": {
    input: z.union([
      /** Absolute, on the host's machine. */
      z.strictObject({ path: z.string().min(1).max(4_096) }),
      z.strictObject({ text: z.string().max(MAX_REPRODUCTION_BYTES) }),
    ]),
    output: reproductionSchema,
  },
} as const;
