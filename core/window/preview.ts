import { createPreviews, type Previews } from "../preview/index.ts";
import { extensionLabel } from "../runner/index.ts";
import type { Workbench } from "../workbench.ts";

/** Previews of what is installed in this workbench. */
export function createWindowPreviews(workbench: Workbench): Previews {
  const { tenants, registry, gateway, clock, ids } = workbench;
  return createPreviews({
    caller: (choice) => tenants.caller(choice),
    resolveInstall: (tenantId, ref) => registry.resolveInstall(tenantId, ref),
    uiOrigin: (registryId) => uiOrigin(workbench, registryId),
    call: (request) => gateway.call(request),
    clock,
    ids,
  });
}

/** An extension's own origin below the embedded runner; one that serves from elsewhere has its own arrangement. */
function uiOrigin({ environment, runner }: Workbench, registryId: string): string | undefined {
  const given = environment.RUNNER_PUBLIC_BASE ?? environment.RUNNER_BASE_URL;
  if (given !== undefined) return given.replace(/\/+$/, "");
  if (runner.state() !== "ready") return undefined;
  return runner.publicBase()?.replace("://", `://${extensionLabel(registryId)}.`);
}
