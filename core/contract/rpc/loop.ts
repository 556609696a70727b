import { z } from "zod";
import { errorBodySchema } from "../errors.ts";

const nothing = z.strictObject({});

/** Stages of one turn, in order. */
export const LOOP_STAGES = ["build", "pack", "sign", "publish", "install"] as const;
export const loopStageSchema = z.enum(LOOP_STAGES);
export type LoopStage = z.infer<typeof loopStageSchema>;

const stageStateSchema = z.object({
  stage: loopStageSchema,
  status: z.enum(["waiting", "running", "done", "failed", "cancelled"]),
  /** How long it took; absent until it has ended. */
  ms: z.number().nonnegative().optional(),
});
export type LoopStageState = z.infer<typeof stageStateSchema>;

/** One complaint about one place of the project. Lines and columns count from 1. */
export const loopDiagnosticSchema = z.object({
  /** Relative to the project; absent when the complaint is about no file. */
  file: z.string().optional(),
  line: z.number().int().positive().optional(),
  column: z.number().int().positive().optional(),
  code: z.string().optional(),
  message: z.string(),
});
export type LoopDiagnostic = z.infer<typeof loopDiagnosticSchema>;

const turnSchema = z.object({
  /** Counts from 1 while the host lives. */
  number: z.number().int().positive(),
  /** `ui`: nothing outside `ui/` had changed, so the component of the turn before was kept. */
  kind: z.enum(["full", "ui"]),
  status: z.enum(["running", "succeeded", "failed", "cancelled"]),
  /** ISO 8601, UTC. */
  started_at: z.string(),
  duration_ms: z.number().nonnegative().optional(),
  /** How many files changed since the turn before; the first turn has none. */
  changed_files: z.number().int().nonnegative(),
  stages: z.array(stageStateSchema).readonly(),
  failure: errorBodySchema.shape.error.extend({ diagnostics: z.array(loopDiagnosticSchema) }).optional(),
});
export type LoopTurn = z.infer<typeof turnSchema>;

const goodBuildSchema = z.object({
  name: z.string(),
  version: z.string(),
  install_id: z.string(),
  content_hash: z.string(),
  /** The key that signed it. */
  key_id: z.string(),
  /** When it went live: ISO 8601, UTC. */
  at: z.string(),
  duration_ms: z.number().nonnegative(),
});
export type GoodBuild = z.infer<typeof goodBuildSchema>;

/** The loop of the open project as it stands. Every event is a whole state; what came between two is not sent. */
export const loopStateSchema = z.object({
  /** `watching`: a save starts a turn. */
  mode: z.enum(["off", "watching"]),
  /** The project's folder, once the loop has been started for one. */
  dir: z.string().optional(),
  turn: turnSchema.optional(),
  last_good: goodBuildSchema.optional(),
  /** What runs is not what is saved: the newest turn did not succeed. */
  stale: z.boolean(),
  /** Why the loop stopped by itself, e.g. because the folder can no longer be watched. */
  stopped_by: errorBodySchema.shape.error.optional(),
});
export type LoopState = z.infer<typeof loopStateSchema>;

/** Procedures of the loop: `{name: {input, output}}`; merged into the one map in ../rpc.ts. */
export const loopProcedures = {
  "loop.state": { input: nothing, output: loopStateSchema },
  /** Watches a project's folder (default: the open one) and runs a first turn at once. */
  "loop.start": {
    input: z.strictObject({ dir: z.string().min(1).max(4_096).optional() }),
    output: loopStateSchema,
  },
  /** Ends the watch and cancels the running turn. What is installed stays. */
  "loop.stop": { input: nothing, output: loopStateSchema },
  /** A full turn now, watched or not. */
  "loop.run": {
    input: z.strictObject({ dir: z.string().min(1).max(4_096).optional() }),
    output: loopStateSchema,
  },
  /** Cancels the running turn; the watch goes on. */
  "loop.cancel": { input: nothing, output: loopStateSchema },
} as const;

/** Subscriptions of the loop: `{name: {input, event}}`. */
export const loopSubscriptions = {
  /** The state now, then whenever it is another one. */
  "loop.events": { input: nothing, event: loopStateSchema },
} as const;
