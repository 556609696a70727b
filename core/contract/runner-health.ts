import { z } from "zod";

/** `GET /healthz` of the runner. An external runner may say less. */
export const runnerHealthSchema = z.object({
  status: z.string(),
  pool: z
    .object({
      /** Guest workers bound to a tenant. */
      workers: z.number().int(),
      busy: z.number().int(),
      /** Executions that wait for a worker. */
      waiting: z.number().int(),
    })
    .optional(),
  cache: z.object({ programs: z.number().int(), program_bytes: z.number().int() }).optional(),
  process: z
    .object({
      /** Of the whole process: pool, spare worker and caches together. */
      resident_bytes: z.number().int(),
      uptime_s: z.number(),
    })
    .optional(),
});
export type RunnerHealth = z.infer<typeof runnerHealthSchema>;

/** The runner as the host that watches it sees it. */
export const runnerStatusSchema = z.object({
  state: z.enum(["stopped", "starting", "ready", "restarting", "unavailable", "external"]),
  url: z.string().optional(),
  pid: z.number().int().optional(),
  /** Starts after the first. */
  restarts: z.number().int(),
  started_at: z.string().optional(),
  /** Why the last process ended, in words. */
  last_error: z.string().optional(),
  /** Absent when it does not answer. */
  health: runnerHealthSchema.optional(),
});
export type RunnerStatusReport = z.infer<typeof runnerStatusSchema>;
