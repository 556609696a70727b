import { z } from "zod";
import { isolationSchema } from "./isolation.ts";

const poolSchema = z.object({
  /** Guest workers bound to a tenant, executing or not. */
  workers: z.number().int().nonnegative(),
  busy: z.number().int().nonnegative(),
  /** Executions that wait for a worker. */
  waiting: z.number().int().nonnegative(),
  /** Started and bound to nobody yet. */
  spares: z.number().int().nonnegative(),
  /** Linear memory of instances that stand ready, and the images that they are put back from. */
  held_bytes: z.number().int().nonnegative(),
  /** What it is kept under: the workers longest idle go first. */
  max_held_bytes: z.number().int().nonnegative(),
  /** Since the start: threads started, and threads that had to be ended in the middle of an execution. */
  started: z.number().int().nonnegative(),
  killed: z.number().int().nonnegative(),
});

/** Programs in memory, their bytes before compilation; files of UIs; and what each is kept under. */
const cacheSchema = z.object({
  programs: z.number().int().nonnegative(),
  program_bytes: z.number().int().nonnegative(),
  max_program_bytes: z.number().int().nonnegative(),
  ui_bytes: z.number().int().nonnegative(),
  max_ui_bytes: z.number().int().nonnegative(),
});

/** What the embedded runner holds and does at a moment. */
export const runnerGaugesSchema = z.object({
  isolation: isolationSchema,
  pool: poolSchema,
  cache: cacheSchema,
});
export type RunnerGauges = z.infer<typeof runnerGaugesSchema>;

/** `GET /healthz` of the runner. An external runner may say less. */
export const runnerHealthSchema = z.object({
  status: z.string(),
  isolation: isolationSchema.optional(),
  pool: poolSchema
    .partial({ spares: true, held_bytes: true, max_held_bytes: true, started: true, killed: true })
    .optional(),
  cache: cacheSchema.partial({ max_program_bytes: true, ui_bytes: true, max_ui_bytes: true }).optional(),
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
