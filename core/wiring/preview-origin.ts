import type { Environment } from "../platform/environment.ts";
import type { Registry } from "../registry/index.ts";
import { extensionLabel } from "../runner/index.ts";

interface PreviewOriginOptions {
  readonly environment: Environment;
  readonly registry: Pick<Registry, "listInstalls">;
  readonly runner: { publicBase(): string | undefined };
}

/**
 * Origin of an installed extension's page below the embedded runner, `http://<label>.localhost:<port>`. A runner elsewhere
 * may serve several extensions from one origin, so none of its pages is let in.
 * @param ref registry id, install id or name, as untrusted text
 */
export function previewOrigin(
  { environment, registry, runner }: PreviewOriginOptions,
  ref: string,
): string | undefined {
  if (environment.RUNNER_PUBLIC_BASE !== undefined || environment.RUNNER_BASE_URL !== undefined)
    return undefined;
  const install = registry
    .listInstalls()
    .find((each) => [each.registry_id, each.install_id, each.extension_name].includes(ref));
  if (install === undefined) return undefined;
  return runner.publicBase()?.replace("://", `://${extensionLabel(install.registry_id)}.`);
}
