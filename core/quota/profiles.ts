import type { LimitOverrides } from "../contract/limit-overrides.ts";
import { GIB, KIB, MIB } from "../contract/limits.ts";
import type { LimitDefaults, ProfileLimits } from "../policy/index.ts";

const HOUR_MS = 3_600_000;

/** For what is not trusted yet, and to find out early what an extension really needs. */
const STRICT: LimitOverrides = {
  timeout_ms: 1_000,
  memory_mb: 64,
  fuel: 1_000_000_000,
  request_body_bytes: 1 * MIB,
  response_body_bytes: 1 * MIB,
  header_bytes: 16 * KIB,
  concurrency: 2,
  queue_wait_ms: 250,
  rate_per_minute: 60,
  rate_burst: 10,
  egress_bytes_per_minute: 1 * MIB,
  invocations_per_day: 10_000,
  cpu_ms_per_hour: 60_000,
  egress_bytes_per_day: 100 * MIB,
};

/** What an installation that serves many tenants can promise each install: generous in bursts, bounded over a day. */
const PRODUCTION: LimitOverrides = {
  timeout_ms: 5_000,
  memory_mb: 128,
  fuel: 5_000_000_000,
  request_body_bytes: 5 * MIB,
  response_body_bytes: 5 * MIB,
  header_bytes: 32 * KIB,
  concurrency: 4,
  queue_wait_ms: 1_000,
  rate_per_minute: 300,
  rate_burst: 50,
  egress_bytes_per_minute: 10 * MIB,
  invocations_per_day: 100_000,
  cpu_ms_per_day: 1 * HOUR_MS,
  egress_bytes_per_day: 1 * GIB,
};

const NAMES = ["default", "strict", "production"] as const;

/** Profiles that are always there and cannot be changed. `default` is what is in force where nothing is set. */
export function builtInProfiles(defaults: LimitDefaults): readonly ProfileLimits[] {
  const limits = { default: { ...defaults }, strict: STRICT, production: PRODUCTION };
  return NAMES.map((name) => ({ name, limits: limits[name] }));
}
