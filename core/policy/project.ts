import {
  type Capability,
  DEFAULT_CAPABILITIES,
  INTERFACE_CAPABILITIES,
  isInterfaceName,
} from "../contract/capability.ts";
import type { Endpoint } from "../contract/endpoint.ts";

/** A place in the sources that reaches for one of the host's interfaces. */
export interface InterfaceUse {
  /** As in the world: `storage`, `ui-proxy`. */
  readonly name: string;
  readonly path: string;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
}

export interface ProjectFacts {
  readonly capabilities: readonly Capability[];
  readonly endpoints: readonly Endpoint[];
  /** What the handler's sources use; absent when they cannot be known, as with a build of the project's own. */
  readonly uses?: readonly InterfaceUse[] | undefined;
  /** Something is there that could answer a call. */
  readonly hasHandler: boolean;
}

export type ProjectPolicyCode =
  | "capability_not_requested"
  | "capability_not_used"
  | "interface_unknown"
  | "endpoint_without_handler"
  | "endpoint_shadowed";

/** Something that a call would be refused for, or a right that is asked for in vain. */
export interface ProjectPolicyFinding {
  readonly code: ProjectPolicyCode;
  readonly severity: "error" | "warning";
  readonly message: string;
  /** A place in a source, or a value of the manifest by its path. */
  readonly at:
    | { readonly kind: "source"; readonly use: InterfaceUse }
    | { readonly kind: "manifest"; readonly path: readonly (string | number)[] };
}

/** What the gateway and the runner would hold against a project, told before it is built. */
export function judgeProject(facts: ProjectFacts): ProjectPolicyFinding[] {
  return [...capabilityFindings(facts), ...endpointFindings(facts)];
}

function capabilityFindings({ capabilities, uses }: ProjectFacts): ProjectPolicyFinding[] {
  if (uses === undefined) return [];
  const requested = new Set<Capability>([...DEFAULT_CAPABILITIES, ...capabilities]);
  const used = new Set(uses.flatMap(({ name }) => capabilityOf(name) ?? []));
  return [
    ...uses.flatMap((use): ProjectPolicyFinding[] => {
      const at = { kind: "source", use } as const;
      const capability = capabilityOf(use.name);
      if (capability === undefined) {
        const message = `The world has no interface alga:extension/${use.name}.`;
        return [{ code: "interface_unknown", severity: "error", message, at }];
      }
      if (requested.has(capability)) return [];
      const message = `${use.name} needs ${capability}, which the manifest does not ask for: such calls will be denied.`;
      return [{ code: "capability_not_requested", severity: "warning", message, at }];
    }),
    ...capabilities.flatMap((capability, index): ProjectPolicyFinding[] => {
      if (used.has(capability) || DEFAULT_CAPABILITIES.includes(capability)) return [];
      const message = `The manifest asks for ${capability}, which no source uses.`;
      const at = { kind: "manifest", path: ["capabilities", index] } as const;
      return [{ code: "capability_not_used", severity: "warning", message, at }];
    }),
  ];
}

function endpointFindings({ endpoints, hasHandler }: ProjectFacts): ProjectPolicyFinding[] {
  if (endpoints.length > 0 && !hasHandler) {
    const message = "The manifest lists endpoints, and the project has no source that could answer them.";
    const at = { kind: "manifest", path: ["api", "endpoints"] } as const;
    return [{ code: "endpoint_without_handler", severity: "error", message, at }];
  }
  const first = new Map<string, Endpoint>();
  return endpoints.flatMap((endpoint, index): ProjectPolicyFinding[] => {
    const shape = `${endpoint.method} ${endpoint.path.replace(/\/:[^/]+/g, "/:")}`;
    const earlier = first.get(shape);
    if (earlier === undefined) {
      first.set(shape, endpoint);
      return [];
    }
    // The very same path is a fault of the manifest, and reported as one.
    if (earlier.path === endpoint.path) return [];
    const message = `${endpoint.method} ${endpoint.path} is never chosen: ${earlier.path} answers the same paths and stands before it.`;
    const at = { kind: "manifest", path: ["api", "endpoints", index] } as const;
    return [{ code: "endpoint_shadowed", severity: "warning", message, at }];
  });
}

function capabilityOf(name: string): Capability | undefined {
  return isInterfaceName(name) ? INTERFACE_CAPABILITIES[name] : undefined;
}
