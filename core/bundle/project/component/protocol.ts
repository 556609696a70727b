import { z } from "zod";
import { engineSchema } from "../../../contract/project-config.ts";

/** What a component is made for; components of one world share most of their making. */
const worldSchema = z.object({ engine: engineSchema, wit: z.string(), world: z.string() });
export type ComponentWorld = z.infer<typeof worldSchema>;

/** What the build sends to the process that makes components. */
export const componentTaskSchema = worldSchema.extend({
  kind: z.literal("make"),
  /** One ES module that exports `handler`. */
  source: z.string(),
  /** Private folder: the process works here and writes `component.wasm`. */
  workDir: z.string(),
  /** Folder of what components of one world share; absent: nothing is kept. */
  storeDir: z.string().optional(),
});
export type ComponentTask = z.infer<typeof componentTaskSchema>;

export const componentMessageSchema = z.discriminatedUnion("kind", [
  componentTaskSchema,
  /** Loads what the store has for a world, so that the next task finds it. Not answered. */
  worldSchema.extend({ kind: z.literal("load"), storeDir: z.string() }),
]);
export type ComponentMessage = z.infer<typeof componentMessageSchema>;

/** And what it answers. */
export const componentAnswerSchema = z.discriminatedUnion("ok", [
  z.object({
    ok: z.literal(true),
    /** False when the toolchain could not be kept from the machine's clock and entropy. */
    reproducible: z.boolean(),
    /** The toolchain itself has run here, which takes memory that only the process's end gives back. */
    spent: z.boolean(),
    /** Bytes that the process holds. */
    resident_bytes: z.number(),
  }),
  z.object({ ok: z.literal(false), message: z.string() }),
]);
export type ComponentAnswer = z.infer<typeof componentAnswerSchema>;

export const COMPONENT_FILE = "component.wasm";
