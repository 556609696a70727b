import { Contrib, Enums, Models, Serialize, Spec } from "@cyclonedx/cyclonedx-library";
import { PackageURL } from "packageurl-js";
import parseSpdxExpression from "spdx-expression-parse";
import type { Manifest } from "../contract/manifest.ts";
import type { InstalledPackage, InstalledPackages } from "./lock-file.ts";

/** What the build puts into the component besides the project's packages, such as the JavaScript engine. */
export interface EmbeddedSoftware {
  readonly name: string;
  readonly version: string;
}

const TOOL_NAME = "extension-workbench";
const licenses = new Contrib.License.Factories.LicenseFactory(parseSpdxExpression);

/** CycloneDX 1.6 JSON. A function of its arguments alone: no time, no serial number, no registry's address. */
export function cyclonedxDocument(
  manifest: Manifest,
  installed: InstalledPackages,
  embedded: readonly EmbeddedSoftware[],
): string {
  const root = rootComponent(manifest);
  const bom = new Models.Bom({ metadata: metadataFor(root) });
  const byReference = new Map<string, Models.Component>();
  const componentAt = (path: string): Models.Component | undefined => {
    const found = installed.packages.get(path);
    if (found === undefined) return undefined;
    // One package may be installed in several places; it is one component.
    const component = componentOf(found, path);
    const reference = component.bomRef.value ?? path;
    const known = byReference.get(reference) ?? component;
    byReference.set(reference, known);
    return known;
  };
  for (const [path, found] of installed.packages)
    dependOn(componentAt(path), found.dependencies.map(componentAt));
  dependOn(root, installed.direct.map(componentAt));
  for (const component of byReference.values()) bom.components.add(component);
  for (const { name, version } of embedded) {
    const component = new Models.Component(Enums.ComponentType.Framework, name, {
      version,
      bomRef: `${name}@${version}`,
      scope: Enums.ComponentScope.Required,
    });
    bom.components.add(component);
    dependOn(root, [component]);
  }
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function rootComponent(manifest: Manifest): Models.Component {
  return new Models.Component(Enums.ComponentType.Application, manifest.name, {
    version: manifest.version,
    bomRef: `${manifest.name}@${manifest.version}`,
    ...(manifest.publisher === undefined ? {} : { publisher: manifest.publisher }),
    ...(manifest.description === undefined ? {} : { description: manifest.description }),
  });
}

function metadataFor(root: Models.Component): Models.Metadata {
  const tool = new Models.Component(Enums.ComponentType.Application, TOOL_NAME);
  return new Models.Metadata({
    component: root,
    tools: new Models.Tools({ components: new Models.ComponentRepository([tool]) }),
    lifecycles: new Models.LifecycleRepository([Enums.LifecyclePhase.Build]),
  });
}

function componentOf({ name, locked }: InstalledPackage, path: string): Models.Component {
  const slash = name.startsWith("@") ? name.indexOf("/") : -1;
  const group = slash === -1 ? undefined : name.slice(0, slash);
  const bare = name.slice(slash + 1);
  const purl = new PackageURL(
    "npm",
    group ?? null,
    bare,
    locked.version ?? null,
    qualifiersOf(locked.resolved),
    null,
  );
  const isOptional = locked.optional || locked.devOptional;
  return new Models.Component(Enums.ComponentType.Library, bare, {
    // A package without a version is a local one: only its place tells it from others.
    bomRef: locked.version === undefined ? path : purl.toString(),
    purl: purl.toString(),
    hashes: hashesOf(locked.integrity),
    scope: isOptional ? Enums.ComponentScope.Optional : Enums.ComponentScope.Required,
    ...(group === undefined ? {} : { group }),
    ...(locked.version === undefined ? {} : { version: locked.version }),
    ...(locked.license === undefined
      ? {}
      : { licenses: new Models.LicenseRepository([licenses.makeFromString(locked.license)]) }),
  });
}

/** A package from a repository is not the registry's package of that name and version. Credentials are left out. */
function qualifiersOf(resolved: string | undefined): Record<string, string> | null {
  if (resolved === undefined || !resolved.startsWith("git+")) return null;
  return { vcs_url: resolved.replace(/\/\/[^/@]*@/, "//") };
}

const HASH_ALGORITHMS: Readonly<Record<string, Enums.HashAlgorithm>> = {
  sha1: Enums.HashAlgorithm["SHA-1"],
  sha256: Enums.HashAlgorithm["SHA-256"],
  sha384: Enums.HashAlgorithm["SHA-384"],
  sha512: Enums.HashAlgorithm["SHA-512"],
};

/** `sha512-<base64> sha1-<base64>`, as subresource integrity writes it. */
function hashesOf(integrity: string | undefined): Models.HashDictionary {
  const hashes = new Models.HashDictionary();
  for (const part of (integrity ?? "").split(/\s+/)) {
    const [, name = "", value = ""] = /^(sha\d+)-([A-Za-z0-9+/]+=*)/.exec(part) ?? [];
    const algorithm = HASH_ALGORITHMS[name];
    if (algorithm !== undefined) hashes.set(algorithm, Buffer.from(value, "base64").toString("hex"));
  }
  return hashes;
}

function dependOn(
  component: Models.Component | undefined,
  others: readonly (Models.Component | undefined)[],
): void {
  for (const other of others) if (other !== undefined) component?.dependencies.add(other.bomRef);
}
