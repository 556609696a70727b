import type { InstalledExtension } from "../../core/contract/install.ts";
import type { Endpoint } from "../../core/contract/manifest.ts";
import { commandLine } from "./command-line.ts";

/** The first endpoint that is called as it stands: by GET, and without a parameter in its path. */
export function plainEndpoint({ manifest }: InstalledExtension): Endpoint | undefined {
  return manifest.api?.endpoints.find(({ method, path }) => method === "GET" && !path.includes(":"));
}

export interface Example {
  readonly install: InstalledExtension;
  readonly endpoint: Endpoint;
}

/**
 * A call that is answered here and now: of the chosen install, or of the first that can be called plainly.
 * @param selected an install's id
 */
export function exampleOf(
  installs: readonly InstalledExtension[],
  selected: string | undefined,
): Example | undefined {
  const examples = installs.flatMap((install) => {
    const endpoint = install.enabled ? plainEndpoint(install) : undefined;
    return endpoint ? [{ install, endpoint }] : [];
  });
  return examples.find(({ install }) => install.install_id === selected) ?? examples[0];
}

/** @param defaultTenant that of commands which name none */
export function exampleCommand({ install, endpoint }: Example, defaultTenant: string | undefined): string {
  const tenant = install.tenant_id === defaultTenant ? [] : ["--tenant", install.tenant_id];
  return commandLine([
    ...["workbench", "invoke", install.extension_name, endpoint.method, endpoint.path],
    ...tenant,
  ]);
}
