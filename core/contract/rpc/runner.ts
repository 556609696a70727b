import { z } from "zod";
import { runnerStatusSchema } from "../runner-health.ts";

export const runnerProcedures = {
  "runner.status": { input: z.strictObject({}), output: runnerStatusSchema },
} as const;
