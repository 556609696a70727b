import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { findNodeAtLocation, parseTree } from "jsonc-parser";
import type { Capability } from "../contract/capability.ts";
import type { Endpoint } from "../contract/endpoint.ts";
import { MAX_MANIFEST_BYTES } from "../contract/limits.ts";
import { MANIFEST_FILE, type Manifest } from "../contract/manifest.ts";
import type { Finding } from "../contract/rpc/project.ts";
import { type InterfaceUse, interfaceUses, lineAndColumn } from "./interface-uses.ts";
import { readSources } from "./type-sources.ts";

/** What a project shows of its rights without being run. */
export interface PolicyFacts {
  readonly capabilities: readonly Capability[];
  readonly endpoints: readonly Endpoint[];
  /** Absent when the handler's sources cannot be known. */
  readonly uses?: readonly InterfaceUse[] | undefined;
  readonly hasHandler: boolean;
}

export interface PolicyFinding {
  readonly code: string;
  readonly severity: Finding["severity"];
  readonly message: string;
  readonly at:
    | { readonly kind: "source"; readonly use: InterfaceUse }
    | { readonly kind: "manifest"; readonly path: readonly (string | number)[] };
}

interface PolicyPorts {
  readonly judge: { manifest(text: string): { readonly manifest?: Manifest } };
  judgePolicy(facts: PolicyFacts): readonly PolicyFinding[];
  handlerSource(dir: string): Promise<{ readonly entry: string } | "script" | "none">;
}

/** What calls would be refused for, each with its line. Silent about a project whose manifest has faults: those go first. Never throws. */
export async function policyFindings(root: string, ports: PolicyPorts): Promise<Finding[]> {
  try {
    const file = join(root, MANIFEST_FILE);
    if ((await stat(file)).size > MAX_MANIFEST_BYTES) return [];
    const text = await readFile(file, "utf8");
    const { manifest } = ports.judge.manifest(text);
    if (manifest === undefined) return [];
    const source = await ports.handlerSource(root);
    const facts: PolicyFacts = {
      capabilities: manifest.capabilities,
      endpoints: manifest.api?.endpoints ?? [],
      uses: source === "script" ? undefined : interfaceUses(await readSources(root)),
      hasHandler: source !== "none",
    };
    return ports.judgePolicy(facts).map((finding) => ({
      source: "policy",
      severity: finding.severity,
      code: finding.code,
      message: finding.message,
      ...(finding.at.kind === "source" ? placeOf(finding.at.use) : manifestPlace(text, finding.at.path)),
    }));
  } catch {
    // The same file or folder is reported by whoever reads it for its own sake.
    return [];
  }
}

const placeOf = ({ path, line, column }: InterfaceUse) => ({ path, line, column });

function manifestPlace(text: string, path: readonly (string | number)[]) {
  const tree = parseTree(text);
  const node = tree && findNodeAtLocation(tree, [...path]);
  return { path: MANIFEST_FILE, ...lineAndColumn(text, node?.offset ?? 0) };
}
