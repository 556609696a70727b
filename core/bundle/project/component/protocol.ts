import { z } from "zod";
import { engineSchema } from "../../../contract/project-config.ts";

/** What the build sends to the process that makes a component. */
export const componentTaskSchema = z.object({
  engine: engineSchema,
  /** One ES module that exports `handler`. */
  source: z.string(),
  wit: z.string(),
  world: z.string(),
  /** Private folder: the process works here and writes `component.wasm`. */
  workDir: z.string(),
});
export type ComponentTask = z.infer<typeof componentTaskSchema>;

/** And what it answers. */
export const componentAnswerSchema = z.discriminatedUnion("ok", [
  z.object({
    ok: z.literal(true),
    /** False when the toolchain could not be kept from the machine's clock and entropy. */
    reproducible: z.boolean(),
  }),
  z.object({ ok: z.literal(false), message: z.string() }),
]);
export type ComponentAnswer = z.infer<typeof componentAnswerSchema>;

export const COMPONENT_FILE = "component.wasm";
