import { z } from "zod";
import { CYCLONEDX_FILE, SPDX_FILE } from "../contract/bundle-path.ts";
import { MIB } from "../contract/limits.ts";
import type { Manifest } from "../contract/manifest.ts";
import { printable } from "./errors.ts";
import { MAX_JSON_DEPTH, parseJsonDocument } from "./json-document.ts";

/** A bill of materials found in a bundle. */
export interface SbomSummary {
  readonly path: string;
  readonly format: "spdx" | "cyclonedx";
  /** Of the format: `2.3`, `1.6`. */
  readonly spec_version: string;
  readonly components: number;
}

export const MAX_SBOM_BYTES = 16 * MIB;
const MAX_VERSION_CHARACTERS = 32;

const cyclonedx = z.object({
  bomFormat: z.literal("CycloneDX"),
  specVersion: z.string().max(MAX_VERSION_CHARACTERS),
  components: z.array(z.unknown()).default([]),
});

const spdx2 = z.object({
  spdxVersion: z.string().max(MAX_VERSION_CHARACTERS).startsWith("SPDX-"),
  packages: z.array(z.unknown()).default([]),
});

/** SPDX 3 is JSON-LD: a graph of elements, the packages among them. */
const spdx3 = z.object({
  "@context": z.string().startsWith("https://spdx.org/rdf/3"),
  "@graph": z.array(
    z.looseObject({
      type: z.string().optional(),
      specVersion: z.string().max(MAX_VERSION_CHARACTERS).optional(),
    }),
  ),
});

/** Where the bundle's bill of materials is: where its manifest says, else under one of the usual names. */
export function sbomPathOf(manifest: Manifest, has: (path: string) => boolean): string | undefined {
  return [manifest.sbom, CYCLONEDX_FILE, SPDX_FILE].find((path) => path !== undefined && has(path));
}

/** Reads what a bill of materials says of itself; `undefined` when it is neither of the two formats. */
export function detectSbom(path: string, bytes: Uint8Array): SbomSummary | undefined {
  const { document } = parseJsonDocument(Buffer.from(bytes).toString("utf8"), {
    maxBytes: MAX_SBOM_BYTES,
    maxDepth: MAX_JSON_DEPTH,
  });
  const cdx = cyclonedx.safeParse(document?.value);
  if (cdx.success) return summary(path, "cyclonedx", cdx.data.specVersion, cdx.data.components.length);
  const two = spdx2.safeParse(document?.value);
  if (two.success)
    return summary(path, "spdx", two.data.spdxVersion.slice("SPDX-".length), two.data.packages.length);
  const three = spdx3.safeParse(document?.value);
  if (!three.success) return undefined;
  const elements = three.data["@graph"];
  const version = elements.find((element) => element.specVersion !== undefined)?.specVersion ?? "3";
  return summary(
    path,
    "spdx",
    version,
    elements.filter((element) => element.type === "software_Package").length,
  );
}

function summary(
  path: string,
  format: SbomSummary["format"],
  version: string,
  components: number,
): SbomSummary {
  return { path, format, spec_version: printable(version), components };
}
