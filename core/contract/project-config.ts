import { z } from "zod";
import { KIB, MAX_MEMORY_MB, MAX_TIMEOUT_MS, MIB } from "./limits.ts";

/** Engines that can carry a handler. `starlingmonkey` is what the platform's own builds use. */
export const ENGINES = ["starlingmonkey", "quickjs"] as const;
export const engineSchema = z.enum(ENGINES);
export type Engine = z.infer<typeof engineSchema>;
const DEFAULT_ENGINE: Engine = "starlingmonkey";

/** Largest component budget that can be asked for: a component must fit into one archive entry. */
const MAX_COMPONENT_BUDGET_BYTES = 256 * MIB;
const MIN_COMPONENT_BUDGET_BYTES = 1 * KIB;
export const PROJECT_CONFIG_FILE = "workbench.json";

/** A path below the project folder, with forward slashes on every platform. */
const projectPath = z
  .string()
  .min(1)
  .refine((path) => !/^([a-zA-Z]:|[\\/])/.test(path) && !path.split(/[\\/]/).includes(".."), {
    error: "expected a relative path inside the project",
  });

/** `workbench.json`: how the workbench builds and measures one project. Every field is optional. */
export const projectConfigSchema = z
  .strictObject({
    $schema: z.string().optional().describe("Where an editor finds the schema of this file."),
    engine: engineSchema
      .default(DEFAULT_ENGINE)
      .describe(
        "JavaScript engine built into the component. starlingmonkey: the platform's own, about 12 MB. quickjs: about 1.7 MB, builds in about a second.",
      ),
    entry: projectPath
      .optional()
      .describe(
        "Source file that exports handler, relative to the project. Default: src/index.ts, .js, then src/handler.ts, .js.",
      ),
    budgets: z
      .strictObject({
        fuel: z
          .number()
          .int()
          .positive()
          .optional()
          .describe("Most fuel that one call may burn. One unit per function entry and loop turn."),
        memory_mb: z
          .number()
          .int()
          .positive()
          .max(MAX_MEMORY_MB)
          .optional()
          .describe("Most linear memory that one call may use, in MiB."),
        duration_ms: z
          .number()
          .int()
          .positive()
          .max(MAX_TIMEOUT_MS)
          .optional()
          .describe("Longest that one call may take, in milliseconds."),
        component_bytes: z
          .number()
          .int()
          .min(MIN_COMPONENT_BUDGET_BYTES)
          .max(MAX_COMPONENT_BUDGET_BYTES)
          .optional()
          .describe("Largest size of dist/main.wasm, in bytes. A build beyond it fails."),
      })
      .default({})
      .describe("What the author promises not to exceed; checked on build and in tests."),
  })
  .describe("Build settings of one extension project.");

export type ProjectConfig = z.infer<typeof projectConfigSchema>;
