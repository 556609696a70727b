import { ENDPOINT_METHODS, type Endpoint } from "../contract/endpoint.ts";
import type { InstalledExtension } from "../contract/install.ts";

import { allow, deny, type Verdict } from "./decision.ts";
import { decodeSegment, type RequestPath } from "./request-path.ts";

export interface EndpointMatch {
  readonly endpoint: Endpoint;
  /** Index in `api.endpoints`. */
  readonly index: number;
  /** Values of the `:param` segments, decoded. */
  readonly params: Readonly<Record<string, string>>;
}

type Segment =
  | { readonly kind: "static"; readonly text: string }
  | { readonly kind: "param"; readonly name: string };

/**
 * The endpoint that answers `method` on a path's decoded segments. `:param` matches exactly one non-empty segment.
 * Of several matches the one with the earlier static segment wins, then the one listed first.
 */
export function matchEndpoint(
  endpoints: readonly Endpoint[],
  method: string,
  segments: readonly string[],
): EndpointMatch | undefined {
  let best: { match: EndpointMatch; pattern: readonly Segment[] } | undefined;
  for (const [index, endpoint] of endpoints.entries()) {
    if (endpoint.method !== method) continue;
    const pattern = patternOf(endpoint.path);
    const params = paramsOf(pattern, segments);
    if (params === undefined) continue;
    if (best === undefined || isMoreSpecific(pattern, best.pattern)) {
      best = { match: { endpoint, index, params }, pattern };
    }
  }
  return best?.match;
}

export interface EndpointFacts {
  readonly install: Pick<InstalledExtension, "manifest" | "has_handler">;
  readonly method: string;
  readonly target: RequestPath;
}

/** Methods that the gateway carries. */
export const METHODS: readonly string[] = ENDPOINT_METHODS;

/** Strict when the manifest lists endpoints, open when it lists none. A bundle without a handler answers nothing. */
export function endpointMatches({ install, method, target }: EndpointFacts): Verdict {
  if (!METHODS.includes(method)) {
    return deny("endpoint", "method_not_allowed", `The method is not one of ${METHODS.join(", ")}.`);
  }
  if (!target.ok) return deny("endpoint", "malformed_request", target.detail);
  if (install.has_handler === false) {
    return deny(
      "endpoint",
      "endpoint_not_found",
      "The extension's bundle holds a user interface and no handler that could answer.",
      "bundle:dist/main.wasm",
    );
  }
  const endpoints = install.manifest.api?.endpoints ?? [];
  if (endpoints.length === 0) {
    return allow(
      "endpoint",
      "The manifest lists no endpoints, so every path is open.",
      "manifest:api.endpoints",
    );
  }
  const match = matchEndpoint(endpoints, method, target.segments);
  return match === undefined
    ? deny(
        "endpoint",
        "endpoint_not_found",
        `None of the ${endpoints.length} endpoints in the manifest answers ${method} on this path.`,
        "manifest:api.endpoints",
      )
    : allow(
        "endpoint",
        `${match.endpoint.method} ${match.endpoint.path} answers.`,
        `manifest:api.endpoints[${match.index}]`,
      );
}

function patternOf(path: string): readonly Segment[] {
  return path
    .split("/")
    .filter((segment) => segment !== "")
    .map((segment) =>
      segment.length > 1 && segment.startsWith(":")
        ? { kind: "param", name: segment.slice(1) }
        : { kind: "static", text: decodeSegment(segment) ?? segment },
    );
}

function paramsOf(
  pattern: readonly Segment[],
  segments: readonly string[],
): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  // No prototype: a manifest may call a parameter `__proto__`.
  const params: Record<string, string> = Object.create(null);
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index];
    if (segment === undefined || segment === "") return undefined;
    if (part.kind === "param") params[part.name] = segment;
    else if (part.text !== segment) return undefined;
  }
  return params;
}

/** Patterns of equal length: the first place where they differ in kind decides. */
function isMoreSpecific(candidate: readonly Segment[], incumbent: readonly Segment[]): boolean {
  for (const [index, part] of candidate.entries()) {
    const other = incumbent[index];
    if (other !== undefined && part.kind !== other.kind) return part.kind === "static";
  }
  return false;
}
