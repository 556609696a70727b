import { type Capability, DEFAULT_CAPABILITIES } from "../contract/capability.ts";
import type { InstalledExtension } from "../contract/install.ts";
import type { Manifest } from "../contract/manifest.ts";
import type { PolicyExplanation } from "../contract/policy-explanation.ts";
import type { PolicyScenario, ScenarioResult } from "../contract/policy-scenario.ts";
import type { Caller } from "./caller.ts";
import { type CallUse, explainCall } from "./explanation.ts";
import { type LimitDefaults, type ResolvedLimits, resolveLimits } from "./limits.ts";
import { takeToken } from "./rate.ts";
import { headerValues } from "./request-headers.ts";
import { requestPath } from "./request-path.ts";

/** Ids of what a scenario assumes; nothing of them is stored anywhere. */
const ASSUMED = {
  tenant: "00000000-0000-4000-8000-000000000001",
  install: "00000000-0000-4000-8000-000000000002",
  registry: "00000000-0000-4000-8000-000000000003",
  version: "00000000-0000-4000-8000-000000000004",
  user: "00000000-0000-4000-8000-000000000005",
} as const;
const EPOCH = "1970-01-01T00:00:00.000Z";
/** Of a window whose end nobody asks about. */
const WINDOW_LEFT_MS = 60_000;

/** Judges one scenario by the gateway's own rules, over a manifest and assumptions: no database, no runner, no network. */
export function runScenario(
  scenario: PolicyScenario,
  manifest: Manifest,
  defaults: LimitDefaults,
): ScenarioResult {
  const install = assumedInstall(scenario, manifest);
  const caller = assumedCaller(scenario);
  const headers = Object.entries(scenario.request.headers ?? {}).map(([name, value]) => ({ name, value }));
  const limits = resolveLimits({
    defaults,
    tenant: { id: ASSUMED.tenant, limits: {} },
    install: { id: ASSUMED.install, limits: install.limits },
  });
  const explanation = explainCall({
    credential: caller === undefined ? "none" : "presented",
    caller,
    claimedTenants: [...headerValues(headers, "x-tenant-id"), ...headerValues(headers, "x-alga-tenant")],
    install: scenario.install?.installed === false ? undefined : install,
    method: scenario.request.method.toUpperCase(),
    target: requestPath(scenario.request.path),
    headers,
    bodyBytes: scenario.request.body_bytes ?? 0,
    use: assumedUse(scenario, limits),
  });
  const differences = differencesOf(scenario, explanation, install.granted_capabilities);
  return { name: scenario.name, passed: differences.length === 0, differences, explanation };
}

function assumedInstall({ install = {} }: PolicyScenario, manifest: Manifest): InstalledExtension {
  return {
    install_id: ASSUMED.install,
    tenant_id: ASSUMED.tenant,
    registry_id: ASSUMED.registry,
    extension_name: manifest.name,
    version_id: ASSUMED.version,
    version: manifest.version,
    version_status: "valid",
    content_hash: `sha256:${"0".repeat(64)}`,
    signed: true,
    manifest,
    granted_capabilities: [...(install.granted ?? manifest.capabilities ?? [])],
    egress_allowlist: [],
    config: {},
    limits: install.limits ?? {},
    enabled: install.enabled ?? true,
    created_at: EPOCH,
    updated_at: EPOCH,
  };
}

function assumedCaller({
  as = { user_type: "internal", roles: ["read", "write"] },
}: PolicyScenario): Caller | undefined {
  if (as === "anonymous") return undefined;
  return {
    tenant: {
      id: ASSUMED.tenant,
      name: "Scenario",
      is_development: true,
      unsigned_policy: "refuse",
      limits: {},
    },
    user: {
      tenant_id: ASSUMED.tenant,
      user_id: ASSUMED.user,
      user_email: "scenario@example.com",
      user_name: "Scenario",
      client_name: "",
      ...as,
    },
  };
}

function assumedUse({ use = {} }: PolicyScenario, limits: ResolvedLimits): CallUse {
  return {
    limits,
    takes: limits.scopes.flatMap(({ scope, rate }) => {
      if (rate === undefined) return [];
      const bucket = use.tokens_left === undefined ? undefined : { tokens: use.tokens_left, at_ms: 0 };
      const policy = { perMinute: rate.perMinute.value, burst: rate.burst.value };
      return [{ scope, ...rate, take: takeToken(bucket, policy, 0) }];
    }),
    slots: limits.scopes.flatMap(({ scope, concurrency: limit }) =>
      limit === undefined ? [] : [{ scope, limit, inFlight: use.running ?? 0 }],
    ),
    windows: limits.scopes.flatMap(({ scope, windows }) =>
      windows.map((limit) => ({
        scope,
        limit,
        used: use.used?.[limit.name] ?? 0,
        endsInMs: WINDOW_LEFT_MS,
      })),
    ),
  };
}

function differencesOf(
  { expect, use }: PolicyScenario,
  explanation: PolicyExplanation,
  granted: readonly Capability[],
): ScenarioResult["differences"] {
  const actual = {
    outcome: explanation.allowed ? "allow" : "deny",
    rule: explanation.refused_by,
    code: explanation.code,
    status: explanation.status,
  };
  const held = new Set<Capability>([...DEFAULT_CAPABILITIES, ...granted]);
  const missing = (expect.grants ?? []).filter((capability) => !held.has(capability));
  const limited = explanation.decisions.flatMap(({ budgets }) => budgets?.map(({ name }) => name) ?? []);
  const idle = Object.keys(use?.used ?? {}).filter((name) => !limited.includes(name));
  return [
    ...(["outcome", "rule", "code", "status"] as const).flatMap((what) =>
      expect[what] === undefined || expect[what] === actual[what]
        ? []
        : [{ what, expected: String(expect[what]), actual: String(actual[what] ?? "none") }],
    ),
    ...missing.map((capability) => ({ what: "grants", expected: capability, actual: "not granted" })),
    // A figure that no rule looks at would let a scenario pass for nothing.
    ...(explanation.decisions.some(({ rule, outcome }) => rule === "quota" && outcome !== "unknown")
      ? idle.map((name) => ({
          what: `use.used.${name}`,
          expected: "a limit that is set",
          actual: "no such limit",
        }))
      : []),
  ];
}
