import { Buffer } from "node:buffer";
import {
  CAPABILITIES,
  type Capability,
  DEFAULT_CAPABILITIES,
  normaliseCapability,
} from "../contract/capability.ts";
import { ceilingProblems, type LimitOverrides, limitOverridesSchema } from "../contract/limit-overrides.ts";
import { KIB } from "../contract/limits.ts";
import type { Manifest } from "../contract/manifest.ts";
import { RegistryError, type RegistryErrorCode } from "./errors.ts";
import type { InstallSettings, KeyedChanges } from "./shapes.ts";

/** Keys of an install, as they stand after a change. */
const MAX_KEYS = 200;
const MAX_VALUE_BYTES = 64 * KIB;
/** The whole config travels with every execution. */
const MAX_CONFIG_BYTES = 256 * KIB;
const KEY = /^[A-Za-z0-9_][A-Za-z0-9_.:/-]{0,127}$/;

/**
 * What an install holds: the defaults and what was consented to, in the contract's order.
 * `undefined` and `requested` both grant all that the manifest asks for: naming the extension on `install` is the consent.
 * Errors: `capability_unknown`, `capability_not_requested`.
 */
export function resolveGrants(grants: InstallSettings["grants"], manifest: Manifest): Capability[] {
  const allowed = new Set<Capability>([...DEFAULT_CAPABILITIES, ...manifest.capabilities]);
  if (grants === undefined || grants === "requested") return inOrder(allowed);
  const wanted = new Set<Capability>(DEFAULT_CAPABILITIES);
  for (const name of grants) {
    const capability = normaliseCapability(name);
    if (!capability) {
      throw new RegistryError({
        code: "capability_unknown",
        message: `${JSON.stringify(name.slice(0, 64))} is not a capability.`,
        details: { expected: CAPABILITIES },
      });
    }
    if (!allowed.has(capability)) {
      throw new RegistryError({
        code: "capability_not_requested",
        message: `${manifest.name} does not request ${capability}, so it cannot be granted.`,
        details: { requested: manifest.capabilities },
      });
    }
    wanted.add(capability);
  }
  return inOrder(wanted);
}

/** After an update: what was granted and is still asked for. New requests wait for the user's word. */
export function carryGrants(granted: readonly Capability[], manifest: Manifest): Capability[] {
  const requested = new Set(manifest.capabilities);
  return resolveGrants(
    granted.filter((capability) => requested.has(capability)),
    manifest,
  );
}

/** Requested and not held. */
export function notGranted(grants: readonly Capability[], manifest: Manifest): Capability[] {
  return manifest.capabilities.filter((capability) => !grants.includes(capability));
}

function inOrder(wanted: ReadonlySet<Capability>): Capability[] {
  return CAPABILITIES.filter((capability) => wanted.has(capability));
}

/** `current` is what is stored, `changes` what is asked for. Errors: `invalid_config`. */
export function checkConfig(current: Readonly<Record<string, string>>, changes: KeyedChanges): void {
  checkKeyed("invalid_config", "config", Object.keys(current), changes);
  const merged = Object.entries({ ...current, ...changes }).filter((entry) => entry[1] !== null);
  const bytes = merged.reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value ?? ""),
    0,
  );
  if (bytes > MAX_CONFIG_BYTES) {
    throw new RegistryError({
      code: "invalid_config",
      message: "The install's config is too large.",
      details: { expected: `at most ${MAX_CONFIG_BYTES} bytes`, actual: bytes },
    });
  }
}

/** Says which key is wrong, never what was in it. Errors: `invalid_secret`. */
export function checkSecrets(currentKeys: readonly string[], changes: KeyedChanges): void {
  checkKeyed("invalid_secret", "secret", currentKeys, changes);
  const empty = Object.entries(changes).find(([, value]) => value === "");
  if (empty) {
    throw new RegistryError({ code: "invalid_secret", message: `The secret ${empty[0]} is empty.` });
  }
}

function checkKeyed(
  code: RegistryErrorCode,
  noun: string,
  currentKeys: readonly string[],
  changes: KeyedChanges,
): void {
  for (const [index, [key, value]] of Object.entries(changes).entries()) {
    // `__proto__` is no key in any of the languages that will read these. The key is not repeated: it may be a
    // value that slipped into its place.
    if (!KEY.test(key) || key === "__proto__") {
      throw new RegistryError({
        code,
        message: `A ${noun} key (number ${index + 1}) is not well-formed.`,
        details: { expected: KEY.source },
      });
    }
    if (value !== null && Buffer.byteLength(value) > MAX_VALUE_BYTES) {
      throw new RegistryError({
        code,
        message: `The ${noun} ${key} is too long.`,
        details: { expected: `at most ${MAX_VALUE_BYTES} bytes`, actual: Buffer.byteLength(value) },
      });
    }
  }
  const kept = new Set(currentKeys);
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) kept.delete(key);
    else kept.add(key);
  }
  if (kept.size > MAX_KEYS) {
    throw new RegistryError({
      code,
      message: `An install may hold ${MAX_KEYS} ${noun} keys.`,
      details: { actual: kept.size },
    });
  }
}

/** Errors: `invalid_limits`. */
export function checkLimits(limits: unknown): LimitOverrides {
  const parsed = limitOverridesSchema.safeParse(limits);
  const problems = parsed.success
    ? ceilingProblems(parsed.data)
    : parsed.error.issues.map((issue) => `${issue.path.join(".") || "limits"}: ${issue.message}`);
  if (parsed.success && problems.length === 0) return parsed.data;
  throw new RegistryError({
    code: "invalid_limits",
    message: "The limits are not usable.",
    details: { problems },
  });
}
