import { z } from "zod";
import { executionDetailSchema, replayReportSchema } from "../execution-recording.ts";

const id = z.string().min(1).max(256);

export const executionsProcedures = {
  /** Host calls, limits, and whether it can be replayed. By execution id, else the newest with that request id. */
  "executions.detail": { input: z.strictObject({ id }), output: executionDetailSchema },
  /** Runs the recorded request again with the recorded answers. */
  "executions.replay": {
    input: z.strictObject({ id, version: z.string().max(256).optional() }),
    output: replayReportSchema,
  },
} as const;
