import { z } from "zod";
import { bundlePathFault, MANIFEST_FILE, UI_FOLDER } from "./bundle-path.ts";
import { CAPABILITIES, capabilitySchema, normaliseCapability } from "./capability.ts";
import { endpointSchema } from "./endpoint.ts";
import { reportManifestRules } from "./manifest-rules.ts";

export { type Endpoint, endpointSchema } from "./endpoint.ts";
export { MANIFEST_FILE };

export const MAX_MANIFEST_ENDPOINTS = 1_000;
const MAX_MANIFEST_ASSETS = 1_000;
const MAX_NAME_CHARACTERS = 253;
const MAX_VERSION_CHARACTERS = 256;

const REVERSE_DOMAIN = /^[a-z][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+$/;
/** The grammar of https://semver.org, or `1.2.*`, which asks the registry for the next patch of 1.2. */
const SEMVER_OR_NEXT_PATCH =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(\*|(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?)$/;

/** Both spellings, so that editors complete either; the normal form has the prefix. */
const capabilityName = z
  .enum([...CAPABILITIES, ...CAPABILITIES.map((name) => name.slice("cap:".length))], {
    error: `expected one of ${CAPABILITIES.join(", ")}, with or without "cap:"`,
  })
  .transform((name) => capabilitySchema.parse(normaliseCapability(name)));

const bundlePath = pathThat(bundlePathFault);

/** A path held to one rule. A second refinement would report the same value twice. */
function pathThat(fault: (path: string) => string | undefined) {
  return z.string().refine((path) => fault(path) === undefined, {
    error: (issue) => `expected ${fault(String(issue.input))}`,
  });
}

const hookSchema = z.object({ label: z.string().min(1).describe("Text of the menu entry.") });

const uiSchema = z
  .object({
    type: z.literal("iframe").describe("How the UI is shown: in a sandboxed frame."),
    entry: pathThat(
      (path) =>
        bundlePathFault(path) ?? (path.startsWith(UI_FOLDER) ? undefined : `a path below ${UI_FOLDER}`),
    )
      .meta({ pattern: `^${UI_FOLDER}` })
      .describe("Page that the frame opens, below ui/, such as ui/index.html."),
    hooks: z
      .object({
        appMenu: hookSchema.optional().describe("Entry in the application's menu, for internal users."),
        clientPortalMenu: hookSchema
          .optional()
          .describe(
            "Entry in the client portal's menu. Without it, client users may not call the extension.",
          ),
      })
      .optional()
      .describe("Where the platform offers the UI."),
  })
  .describe("The extension's user interface.");

const eventSchema = z.object({
  topic: z.string().min(1).describe("Event to subscribe to."),
  handler: z.string().min(1).describe("Name of the handler that the event is given to."),
});

/**
 * Manifest v2, the one source of the published JSON Schema. Unknown top-level fields are kept; `validateManifest`
 * in the bundle feature warns about them. Rules that span several fields are judged even when single fields are
 * wrong, so that an author hears of everything at once.
 */
export const manifestSchema = z
  .looseObject({
    $schema: z.string().optional().describe("Where an editor finds the schema of this file."),
    name: z
      .string()
      .max(MAX_NAME_CHARACTERS)
      .regex(REVERSE_DOMAIN, "expected a lowercase reverse-domain name such as com.acme.hello")
      .describe("Unique name of the extension: lowercase reverse domain, such as com.acme.hello."),
    publisher: z.string().min(1).optional().describe("Who publishes the extension."),
    display_name: z.string().min(1).optional().describe("Name shown to people."),
    description: z.string().optional().describe("What the extension does, in a sentence or two."),
    version: z
      .string()
      .max(MAX_VERSION_CHARACTERS)
      .regex(SEMVER_OR_NEXT_PATCH, "expected a semantic version such as 1.0.0, or 1.0.* for the next patch")
      .describe("Semantic version, such as 1.0.0; 1.0.* takes the next free patch on publishing."),
    runtime: z
      .literal("wasm-js@1")
      .describe("What runs the handler: JavaScript compiled to a WebAssembly component."),
    capabilities: z
      .array(capabilityName)
      .default([])
      .transform((names) => [...new Set(names)])
      .describe(
        "Host interfaces that the handler may use once an administrator grants them; cap: may be left out.",
      ),
    ui: uiSchema.optional(),
    api: z
      .object({
        endpoints: z
          .array(endpointSchema)
          .max(MAX_MANIFEST_ENDPOINTS)
          .default([])
          .describe("Routes of the extension. When there are any, the gateway lets through no others."),
      })
      .optional()
      .describe("What can be called through the gateway."),
    events: z.array(eventSchema).optional().describe("Platform events that the extension wants to hear of."),
    entry: bundlePath.optional().describe("Component inside the bundle. Default: dist/main.wasm."),
    precompiled: z
      .record(z.string().min(1), bundlePath)
      .optional()
      .describe("Ahead-of-time compiled components by target. The workbench keeps and ignores them."),
    assets: z
      .array(bundlePath)
      .max(MAX_MANIFEST_ASSETS)
      .optional()
      .describe("Globs of files that belong to the UI, such as ui/**/*."),
    sbom: bundlePath
      .optional()
      .describe("Software bill of materials inside the bundle (SPDX or CycloneDX JSON)."),
  })
  .superRefine(reportManifestRules, { when: () => true })
  .describe("Manifest of an extension: who it is, what it may do, what can be called.");
export type Manifest = z.infer<typeof manifestSchema>;
