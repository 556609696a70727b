import type { LimitOverrides } from "../contract/install.ts";

/** A figure for every limit of a call. Units are in the names; `memory_mb` is MiB, `fuel` units of fuel. */
type LimitName = keyof LimitOverrides;
export type LimitDefaults = Readonly<Record<LimitName, number>>;

interface ResolvedLimit {
  readonly value: number;
  /** `install:limits.<name>`, `tenant:limits.<name>` or `default`. */
  readonly source: string;
}
export type ResolvedLimits = Readonly<Record<LimitName, ResolvedLimit>>;

/** For each limit the install's figure, else the tenant's, else the default, and which it was. */
export function resolveLimits(
  defaults: LimitDefaults,
  tenant: LimitOverrides,
  install: LimitOverrides,
): ResolvedLimits {
  const of = (name: LimitName): ResolvedLimit => {
    const own = install[name];
    if (own !== undefined) return { value: own, source: `install:limits.${name}` };
    const shared = tenant[name];
    if (shared !== undefined) return { value: shared, source: `tenant:limits.${name}` };
    return { value: defaults[name], source: "default" };
  };
  return {
    timeout_ms: of("timeout_ms"),
    memory_mb: of("memory_mb"),
    fuel: of("fuel"),
    request_body_bytes: of("request_body_bytes"),
    response_body_bytes: of("response_body_bytes"),
    header_bytes: of("header_bytes"),
    concurrency: of("concurrency"),
    rate_per_minute: of("rate_per_minute"),
    rate_burst: of("rate_burst"),
    egress_bytes_per_minute: of("egress_bytes_per_minute"),
  };
}
