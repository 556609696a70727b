import { readFile } from "node:fs/promises";
import { resourcePath } from "../platform/resources.ts";
import { s3LocationOf } from "../platform/s3-location.ts";
import type { Workbench } from "../workbench.ts";

const SETTING = "sample_content_hash";

/**
 * Publishes and installs the sample that ships with the workbench, signed with this machine's development key.
 * Done once per sample: a sample that the user uninstalled stays uninstalled. Never where bundles are shared: the
 * sample is the same on every machine and its signature is not, so each would take the others' away.
 */
export async function ensureSample(
  workbench: Workbench,
  keyId: string,
  onProgress: (line: string) => void,
): Promise<void> {
  const { settings, registry, environment } = workbench;
  if (s3LocationOf(environment) !== undefined) return;
  const archive = await readFile(resourcePath("sample", "bundle.tar.zst"));
  const tenantId = workbench.tenantId(undefined);
  const { signature, contentHash } = await workbench.sign(archive, keyId);
  if (settings.get(SETTING) === contentHash) return;
  onProgress("Installing the sample extension…");
  const published = await registry.publish({ archive, signature, tenantId });
  const target = { ref: published.registry_id, tenantId, version: published.version };
  if (registry.resolveInstall(tenantId, published.registry_id)) await registry.update(target);
  else await registry.install(target);
  settings.set(SETTING, contentHash);
}
