import { z } from "zod";

/** More than these a screen does not show; the count beside them is the whole. */
const MAX_LISTED = 500;
const MAX_CHARACTERS = 200;

const text = z.string().transform((value) => value.slice(0, MAX_CHARACTERS));
const component = z.looseObject({ name: text, version: text.default("") });
const spdxPackage = z.looseObject({ name: text, versionInfo: text.default("") });

/** Names and versions of a CycloneDX or SPDX 2 document. It is a stranger's: what does not read as one is left out. */
export function listedComponents(bytes: Uint8Array): { name: string; version: string }[] {
  const document = z
    .looseObject({ components: z.array(z.unknown()).default([]), packages: z.array(z.unknown()).default([]) })
    .safeParse(parse(bytes));
  if (!document.success) return [];
  const { components, packages } = document.data;
  return [
    ...components.slice(0, MAX_LISTED).flatMap((value) => {
      const read = component.safeParse(value);
      return read.success ? [{ name: read.data.name, version: read.data.version }] : [];
    }),
    ...packages.slice(0, MAX_LISTED).flatMap((value) => {
      const read = spdxPackage.safeParse(value);
      return read.success ? [{ name: read.data.name, version: read.data.versionInfo }] : [];
    }),
  ];
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return undefined;
  }
}
