import {
  type CallLimitName,
  type LimitName,
  WINDOW_LIMITS,
  type WindowLimitName,
  type WindowMetric,
  type WindowPeriod,
} from "../contract/limit-catalogue.ts";
import type { LimitOverrides, SharedLimits } from "../contract/limit-overrides.ts";
import { DEFAULT_RATE_BURST } from "../contract/limits.ts";

/** A figure for every limit that has a default. Units are in the names; `memory_mb` is MiB, `fuel` units of fuel. */
export type LimitDefaults = Readonly<Record<CallLimitName | "egress_bytes_per_minute", number>>;

export interface ResolvedLimit {
  readonly value: number;
  /** `install:limits.<name>`, `install:profile.<profile>`, the same of `tenant:` and `extension:`, or `default`. */
  readonly source: string;
}

/** Whose use a limit counts. */
export type LimitScope = "install" | "extension" | "tenant";

export interface WindowLimit extends ResolvedLimit {
  readonly name: WindowLimitName;
  readonly metric: WindowMetric;
  readonly period: WindowPeriod;
}

/** What is counted together for one scope; absent parts are not limited there. */
export interface ScopeLimits {
  readonly scope: LimitScope;
  /** Install, registry or tenant id. */
  readonly id: string;
  readonly rate: { readonly perMinute: ResolvedLimit; readonly burst: ResolvedLimit } | undefined;
  readonly concurrency: ResolvedLimit | undefined;
  readonly windows: readonly WindowLimit[];
}

/** The limits of every call, and what is counted over calls: for the install first, then where more is shared. */
export type ResolvedLimits = Readonly<Record<CallLimitName, ResolvedLimit>> & {
  readonly scopes: readonly ScopeLimits[];
};

/** A named set of limits. */
export interface ProfileLimits {
  readonly name: string;
  readonly limits: LimitOverrides;
}

/** An install's or a tenant's own figures, and the profile that it is set to. Its own figures go before the profile's. */
export interface LimitHolder {
  readonly id: string;
  readonly limits: LimitOverrides;
  readonly profile?: ProfileLimits | undefined;
}

export interface LimitSettings {
  readonly defaults: LimitDefaults;
  readonly tenant: LimitHolder;
  readonly install: LimitHolder;
  /** What all installs of the extension, and of the tenant, share. */
  readonly shared?: readonly {
    readonly scope: Exclude<LimitScope, "install">;
    readonly id: string;
    readonly limits: SharedLimits;
  }[];
}

interface Layer {
  readonly limits: LimitOverrides;
  sourceOf(name: LimitName): string;
}

/**
 * For each limit the install's figure, else its profile's, else the tenant's, else the tenant's profile's, else the
 * default, and which it was.
 */
export function resolveLimits({ defaults, tenant, install, shared = [] }: LimitSettings): ResolvedLimits {
  const layers = [...layersOf("install", install), ...layersOf("tenant", tenant)];
  const find = (name: LimitName): ResolvedLimit | undefined => {
    for (const layer of layers) {
      const value = layer.limits[name];
      if (value !== undefined) return { value, source: layer.sourceOf(name) };
    }
    return undefined;
  };
  const of = (name: CallLimitName): ResolvedLimit =>
    find(name) ?? { value: defaults[name], source: "default" };
  const call = {
    timeout_ms: of("timeout_ms"),
    memory_mb: of("memory_mb"),
    fuel: of("fuel"),
    request_body_bytes: of("request_body_bytes"),
    response_body_bytes: of("response_body_bytes"),
    header_bytes: of("header_bytes"),
    concurrency: of("concurrency"),
    queue_wait_ms: of("queue_wait_ms"),
    rate_per_minute: of("rate_per_minute"),
    rate_burst: of("rate_burst"),
  };
  const egress = { value: defaults.egress_bytes_per_minute, source: "default" };
  return {
    ...call,
    scopes: [
      {
        scope: "install",
        id: install.id,
        rate: { perMinute: call.rate_per_minute, burst: call.rate_burst },
        concurrency: call.concurrency,
        windows: windowsOf(
          layers,
          (name) => find(name) ?? (name === "egress_bytes_per_minute" ? egress : undefined),
        ),
      },
      ...shared.map(sharedScope),
    ],
  };
}

function layersOf(kind: "install" | "tenant", { limits, profile }: LimitHolder): Layer[] {
  const own: Layer = { limits, sourceOf: (name) => `${kind}:limits.${name}` };
  return profile === undefined
    ? [own]
    : [own, { limits: profile.limits, sourceOf: () => `${kind}:profile.${profile.name}` }];
}

/** Few windows are ever limited: only those that some layer names are looked at, besides the one with a default. */
function windowsOf(
  layers: readonly Pick<Layer, "limits">[],
  find: (name: WindowLimitName) => ResolvedLimit | undefined,
): WindowLimit[] {
  return WINDOW_LIMITS.flatMap(({ name, window }) => {
    if (window === undefined) return [];
    const isNamed = name === "egress_bytes_per_minute" || layers.some(({ limits }) => name in limits);
    const limit = isNamed ? find(name) : undefined;
    return limit === undefined ? [] : [{ name, ...window, ...limit }];
  });
}

function sharedScope({ scope, id, limits }: NonNullable<LimitSettings["shared"]>[number]): ScopeLimits {
  const of = (name: keyof SharedLimits): ResolvedLimit | undefined => {
    const value = limits[name];
    return value === undefined ? undefined : { value, source: `${scope}:shared.${name}` };
  };
  const perMinute = of("rate_per_minute");
  return {
    scope,
    id,
    rate: perMinute && {
      perMinute,
      burst: of("rate_burst") ?? {
        value: Math.min(DEFAULT_RATE_BURST, perMinute.value),
        source: perMinute.source,
      },
    },
    concurrency: of("concurrency"),
    windows: windowsOf([{ limits }], of),
  };
}
