import { createHash } from "node:crypto";
import { COMPONENT_FILE, MANIFEST_FILE } from "../contract/bundle-path.ts";
import type { ContentHash } from "../contract/content-hash.ts";
import type { Manifest } from "../contract/manifest.ts";
import { contentHashOf } from "../platform/content-hash.ts";
import { type ReadArchiveOptions, readArchive, walkArchive } from "./archive-reader.ts";
import { type ComponentInterface, readComponentInterface } from "./component-interface.ts";
import { printable } from "./errors.ts";
import { fileWarnings } from "./file-warnings.ts";
import { fromManifest, type InspectionWarning } from "./inspection-warning.ts";
import { interfaceWarnings } from "./interface-warnings.ts";
import { readManifest } from "./manifest-reading.ts";
import { manifestWarnings } from "./manifest-warnings.ts";
import { detectSbom, MAX_SBOM_BYTES, type SbomSummary, sbomPathOf } from "./sbom-detection.ts";

export interface InspectedFile {
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** Lowercase hex. */
  readonly sha256: string;
}

export interface Inspection {
  readonly manifest: Manifest;
  readonly content_hash: ContentHash;
  /** Of the archive, in bytes. */
  readonly size: number;
  /** Sorted by path. */
  readonly files: InspectedFile[];
  /** Absent when the bundle has no component, or a broken one: then a warning says so. */
  readonly component?: ComponentInterface;
  readonly sbom?: SbomSummary;
  readonly warnings: InspectionWarning[];
}

/**
 * Parses a bundle without judging who made it. Throws `BundleError` for an archive or a manifest that is not
 * acceptable; everything else that is odd about the bundle becomes a warning.
 */
export async function inspectBundle(
  archive: Uint8Array,
  options: ReadArchiveOptions = {},
): Promise<Inspection> {
  const { files, manifestBytes } = await hashFiles(archive, options);
  const { manifest, warnings } = readManifest(manifestBytes);
  const paths = files.map((file) => file.path);
  const sbomPath = sbomPathOf(manifest, (path) => paths.includes(path));
  const isWanted = (path: string) => path === COMPONENT_FILE || path === sbomPath;
  const isLargeSbom = files.some((file) => file.path === sbomPath && file.size > MAX_SBOM_BYTES);
  const parts = await readArchive(
    archive,
    (path) => isWanted(path) && !(path === sbomPath && isLargeSbom),
    options,
  );
  const component = await inspectComponent(manifest, parts.get(COMPONENT_FILE));
  const sbom = inspectSbom(sbomPath, parts);
  return {
    manifest,
    content_hash: contentHashOf(archive),
    size: archive.byteLength,
    files,
    ...component.found,
    ...sbom.found,
    warnings: [
      ...warnings.map(fromManifest),
      ...manifestWarnings(manifest, paths),
      ...component.warnings,
      ...sbom.warnings,
      ...fileWarnings(paths),
    ],
  };
}

async function hashFiles(
  archive: Uint8Array,
  options: ReadArchiveOptions,
): Promise<{ files: InspectedFile[]; manifestBytes: Uint8Array | undefined }> {
  const files: InspectedFile[] = [];
  let manifestBytes: Uint8Array | undefined;
  await walkArchive(
    archive,
    async (entry) => {
      const hash = createHash("sha256");
      const kept: Uint8Array[] = [];
      for await (const chunk of entry.chunks()) {
        hash.update(chunk);
        if (entry.path === MANIFEST_FILE) kept.push(chunk);
      }
      if (entry.path === MANIFEST_FILE) manifestBytes = Buffer.concat(kept);
      files.push({ path: entry.path, size: entry.size, sha256: hash.digest("hex") });
    },
    options,
  );
  files.sort((left, right) => Buffer.compare(Buffer.from(left.path), Buffer.from(right.path)));
  return { files, manifestBytes };
}

async function inspectComponent(
  manifest: Manifest,
  bytes: Uint8Array | undefined,
): Promise<{ found: { component?: ComponentInterface }; warnings: InspectionWarning[] }> {
  if (bytes === undefined) return { found: {}, warnings: [] };
  const reading = await readComponentInterface(bytes);
  if (reading.ok) {
    return {
      found: { component: reading.component },
      warnings: interfaceWarnings(manifest, reading.component),
    };
  }
  const message = `${COMPONENT_FILE} is not a WebAssembly component: ${reading.reason}.`;
  return { found: {}, warnings: [{ code: reading.code, message, file: COMPONENT_FILE }] };
}

function inspectSbom(
  path: string | undefined,
  parts: ReadonlyMap<string, Uint8Array>,
): { found: { sbom?: SbomSummary }; warnings: InspectionWarning[] } {
  if (path === undefined) return { found: {}, warnings: [] };
  const bytes = parts.get(path);
  const sbom = bytes === undefined ? undefined : detectSbom(path, bytes);
  if (sbom !== undefined) return { found: { sbom }, warnings: [] };
  const message = "The bill of materials is neither SPDX nor CycloneDX JSON of a sensible size.";
  return { found: {}, warnings: [{ code: "sbom_unreadable", message, file: printable(path) }] };
}
