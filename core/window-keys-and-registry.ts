import type { HostPorts } from "./host/index.ts";
import { createBundleReader, createWindowBundles } from "./window-bundles.ts";
import { createWindowKeys } from "./window-keys.ts";
import { createWindowRegistry } from "./window-registry.ts";
import { createWindowTrust } from "./window-trust.ts";
import { createWindowUploads } from "./window-uploads.ts";
import type { Workbench } from "./workbench.ts";

/** Keys, trust and registry for the window, over one workbench; the two screens share their uploads. */
export function createKeysAndRegistryPorts(
  workbench: Workbench,
): Pick<HostPorts, "keysAndTrust" | "windowRegistry"> {
  const { clock, ids, paths } = workbench;
  const uploads = createWindowUploads({ dir: paths.staging, clock, ids });
  const readNamed = createBundleReader(workbench, uploads);
  return {
    keysAndTrust: {
      keys: createWindowKeys(workbench),
      trust: createWindowTrust(workbench),
      bundles: createWindowBundles(workbench, uploads, readNamed),
    },
    windowRegistry: createWindowRegistry(workbench, readNamed),
  };
}
