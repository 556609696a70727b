import type { Manifest } from "../contract/manifest.ts";
import type { EmbeddedSoftware } from "./cyclonedx-document.ts";
import { readInstalledPackages } from "./lock-file.ts";

export interface SbomOptions {
  readonly embedded?: readonly EmbeddedSoftware[];
}

/**
 * The project's bill of materials as CycloneDX 1.6 JSON: its production dependencies by the npm lock file, with
 * versions, hashes, licences and who needs whom. The same project gives the same text.
 *
 * Throws {@link BundleError} with `lock_file_missing` or `lock_file_invalid`.
 */
export async function createSbom(
  projectDir: string,
  manifest: Manifest,
  options: SbomOptions = {},
): Promise<string> {
  const installed = await readInstalledPackages(projectDir);
  // Loaded here: the library takes as long to load as everything else of this feature, and is rarely needed.
  const { cyclonedxDocument } = await import("./cyclonedx-document.ts");
  return cyclonedxDocument(manifest, installed, options.embedded ?? []);
}
