import type { HostPorts } from "../host/index.ts";
import type { Projects } from "../project/index.ts";
import { defaultLimits } from "../wiring/deployment.ts";
import { runScenarioFiles } from "../wiring/policy-scenarios.ts";
import type { Workbench } from "../workbench.ts";

/** Policy as the window sees it: explained over the running gateway, tested over the open project. */
export function createWindowPolicy(
  workbench: Pick<Workbench, "explain" | "environment">,
  project: Pick<Projects, "current">,
): HostPorts["policy"] {
  return {
    explain: ({ tenant_id, body_bytes, persona_id, ...call }) =>
      workbench.explain({ ...call, tenantId: tenant_id, bodyBytes: body_bytes, personaId: persona_id }),
    test() {
      const dir = project.current()?.dir;
      if (dir === undefined) return { files: [], passed: 0, failed: 0 };
      return { dir, ...runScenarioFiles({ dir, defaults: defaultLimits(workbench.environment) }) };
    },
  };
}
