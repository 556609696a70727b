import { z } from "zod";
import { fixtureDocumentSchema } from "./fixtures.ts";
import { manifestSchema } from "./manifest.ts";
import { scenarioFileSchema } from "./policy-scenario.ts";
import { projectConfigSchema } from "./project-config.ts";

/** The schemas that editors read, by file name in `resources/schemas`: written from the ones that we validate by. */
export function publishedSchemas(): Record<string, object> {
  return {
    "fixtures.schema.json": titled("Fixtures of a tenant", fixtureDocumentSchema),
    "manifest.schema.json": titled("Extension manifest v2", manifestSchema),
    "policy-scenarios.schema.json": titled("Policy scenarios", scenarioFileSchema),
    "workbench.schema.json": titled("workbench.json", projectConfigSchema),
  };
}

/** Draft 7, which is what editors' JSON language services understand best. As authors write the file: defaults may be absent. */
function titled(title: string, schema: z.ZodType): object {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: "input", target: "draft-7", reused: "inline" });
  return { $schema, title, ...rest };
}
