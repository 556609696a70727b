import type { HostPorts } from "../host/index.ts";
import type { Workbench } from "../workbench.ts";
import { createBundleReader, createWindowBundles } from "./bundles.ts";
import { createWindowKeys } from "./keys.ts";
import { createWindowRegistry } from "./registry.ts";
import { createWindowTrust } from "./trust.ts";
import { createWindowUploads } from "./uploads.ts";

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
