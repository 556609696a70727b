import type { DocumentProblem } from "../contract/document-problem.ts";
import { endpointShape } from "../contract/endpoint.ts";
import { eventHandlerFault } from "../contract/event-handler.ts";
import { MAX_MANIFEST_BYTES } from "../contract/limits.ts";
import { type Manifest, manifestSchema } from "../contract/manifest.ts";
import { validateDocument } from "./document-validation.ts";
import { printable } from "./errors.ts";
import { formatJsonPath, type JsonDocument } from "./json-document.ts";

export type ManifestProblem = DocumentProblem;

export interface ManifestValidation {
  /** Present when there are no problems. */
  readonly manifest?: Manifest;
  /** Everything that is wrong, in the order of the file. */
  readonly problems: ManifestProblem[];
  /** What is allowed and probably not meant. */
  readonly warnings: ManifestProblem[];
}

/**
 * Judges a manifest's text. Never throws: every fault is a problem with JSON path, line, column, and what was
 * expected and found. `fileName` is repeated in each problem, for output that spans several files.
 */
export function validateManifest(text: string, fileName?: string): ManifestValidation {
  const { value, problems, warnings } = validateDocument(text, manifestSchema, {
    maxBytes: MAX_MANIFEST_BYTES,
    fileName,
    warn: (manifest, document) => [
      ...shadowedEndpoints(manifest, document),
      ...deafSubscriptions(manifest, document),
    ],
  });
  return { ...(value === undefined ? {} : { manifest: value }), problems, warnings };
}

/** Endpoints that differ in nothing but their parameters' names: only the first of them is ever reached. */
function shadowedEndpoints(manifest: Manifest, document: JsonDocument): ManifestProblem[] {
  const firstOfShape = new Map<string, number>();
  return (manifest.api?.endpoints ?? []).flatMap((endpoint, index) => {
    const shape = `${endpoint.method} ${endpointShape(endpoint.path)}`;
    const first = firstOfShape.get(shape);
    if (first === undefined) {
      firstOfShape.set(shape, index);
      return [];
    }
    const path = ["api", "endpoints", index, "path"];
    return [
      {
        path: formatJsonPath(path),
        ...document.locate(path),
        message: `This endpoint matches the same requests as $.api.endpoints[${first}], which comes first.`,
        found: `${endpoint.method} ${endpoint.path}`,
        code: "shadowed_endpoint",
      },
    ];
  });
}

/** Subscriptions whose events nothing in the manifest takes: each delivery would be a dead letter at its first attempt. */
function deafSubscriptions(manifest: Manifest, document: JsonDocument): ManifestProblem[] {
  return (manifest.events ?? []).flatMap(({ topic, handler }, index) => {
    const fault = eventHandlerFault(manifest, handler);
    if (fault === undefined) return [];
    const path = ["events", index, "handler"];
    return [
      {
        path: formatJsonPath(path),
        ...document.locate(path),
        message: `Events of ${printable(topic)} would reach nothing: ${fault}.`,
        expected: "the handler or the path of a POST endpoint without parameters",
        found: printable(handler),
        code: "event_handler_missing",
      },
    ];
  });
}
