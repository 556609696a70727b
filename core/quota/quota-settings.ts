import type { InstalledExtension, Tenant } from "../contract/install.ts";
import {
  ceilingProblems,
  type LimitOverrides,
  limitOverridesSchema,
  type SharedLimits,
  sharedLimitsSchema,
} from "../contract/limit-overrides.ts";
import type { Clock } from "../platform/clock.ts";
import {
  type LimitDefaults,
  type LimitScope,
  type LimitSettings,
  type ProfileLimits,
  type ResolvedLimits,
  resolveLimits,
} from "../policy/index.ts";
import { type Database, dataVersionOf } from "../store/index.ts";
import { QuotaError } from "./errors.ts";
import { builtInProfiles } from "./profiles.ts";

/** Scopes that are looked up often; beyond that they are read again. */
const MAX_CACHED = 10_000;
const PROFILE_NAME = /^[a-z][a-z0-9-]{0,31}$/;

interface ScopeSetting {
  readonly profile: string | undefined;
  readonly shared: SharedLimits;
}
interface SettingRow {
  scope: LimitScope;
  id: string;
  profile: string | null;
  shared: string;
}

export interface QuotaProfile extends ProfileLimits {
  readonly built_in: boolean;
  readonly used_by: readonly { readonly scope: LimitScope; readonly id: string }[];
}

const NONE: ScopeSetting = { profile: undefined, shared: {} };

/** Profiles, who is set to which, and what is shared. Owns `quota_profile` and `quota_setting`. */
export type QuotaSettings = ReturnType<typeof createQuotaSettings>;

export function createQuotaSettings(options: {
  database: Database;
  clock: Clock;
  readonly defaults: LimitDefaults;
}) {
  const { database, clock, defaults } = options;
  const sql = {
    profiles: database.prepare<[], { name: string; limits: string }>(
      "SELECT name, limits FROM quota_profile ORDER BY name",
    ),
    saveProfile: database.prepare(
      `INSERT INTO quota_profile (name, limits, updated_at) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET limits = excluded.limits, updated_at = excluded.updated_at`,
    ),
    deleteProfile: database.prepare("DELETE FROM quota_profile WHERE name = ?"),
    settings: database.prepare<[], SettingRow>("SELECT scope, id, profile, shared FROM quota_setting"),
    setting: database.prepare<[LimitScope, string], SettingRow>(
      "SELECT scope, id, profile, shared FROM quota_setting WHERE scope = ? AND id = ?",
    ),
    save: database.prepare(
      `INSERT INTO quota_setting (scope, id, profile, shared) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET profile = excluded.profile, shared = excluded.shared`,
    ),
  };

  const others = dataVersionOf(database);
  let seen: number | undefined;
  let profiles: ReadonlyMap<string, ProfileLimits> | undefined;
  const settings = new Map<string, ScopeSetting>();
  /** Tenants and installs are remembered objects: the same one means that nothing of it has changed. */
  let resolved = new WeakMap<InstalledExtension, { tenant: Tenant; limits: ResolvedLimits }>();

  function forget(): void {
    profiles = undefined;
    settings.clear();
    resolved = new WeakMap();
  }

  /** Another process may have changed them; SQLite says so, and this one forgets after its own writes. */
  function refresh(): void {
    const now = others();
    if (now !== seen || settings.size > MAX_CACHED) forget();
    seen = now;
  }

  function stored(): ReadonlyMap<string, ProfileLimits> {
    profiles ??= new Map(
      sql.profiles.all().map(({ name, limits }) => [name, { name, limits: readLimits(limits) }]),
    );
    return profiles;
  }

  function find(name: string): ProfileLimits | undefined {
    return stored().get(name) ?? builtInProfiles(defaults).find((profile) => profile.name === name);
  }

  function setting(scope: LimitScope, id: string): ScopeSetting {
    const key = `${scope}:${id}`;
    const known = settings.get(key);
    if (known !== undefined) return known;
    const row = sql.setting.get(scope, id);
    const read = row
      ? { profile: row.profile ?? undefined, shared: sharedLimitsSchema.parse(JSON.parse(row.shared)) }
      : NONE;
    settings.set(key, read);
    return read;
  }

  function save(scope: LimitScope, id: string, { profile, shared }: ScopeSetting): void {
    sql.save.run(scope, id, profile ?? null, JSON.stringify(shared));
    forget();
  }

  function profileOf(scope: "install" | "tenant", id: string): ProfileLimits | undefined {
    const { profile } = setting(scope, id);
    return profile === undefined ? undefined : find(profile);
  }

  function require(name: string): ProfileLimits {
    refresh();
    const profile = find(name);
    if (profile !== undefined) return profile;
    throw new QuotaError({
      code: "profile_not_found",
      message: `There is no quota profile ${JSON.stringify(name.slice(0, 64))}.`,
      details: { expected: list().map((entry) => entry.name) },
    });
  }

  function list(): QuotaProfile[] {
    refresh();
    const used = sql.settings.all();
    const entry = (built_in: boolean) => (profile: ProfileLimits) => ({
      ...profile,
      built_in,
      used_by: used.filter((row) => row.profile === profile.name).map(({ scope, id }) => ({ scope, id })),
    });
    return [...builtInProfiles(defaults).map(entry(true)), ...[...stored().values()].map(entry(false))];
  }

  function requireOwn(name: string): void {
    if (builtInProfiles(defaults).some((profile) => profile.name === name)) {
      throw new QuotaError({
        code: "profile_builtin",
        message: `The profile ${name} is built in and stays as it is.`,
        hint: "Give the profile another name.",
      });
    }
  }

  return {
    /** What is in force for calls of this install. Cheap: asked on every call. */
    limitsFor(tenant: Tenant, install: InstalledExtension): ResolvedLimits {
      refresh();
      const known = resolved.get(install);
      if (known?.tenant === tenant) return known.limits;
      const limits = resolveLimits(settingsFor(tenant, install));
      // Who asks within a transaction may be rolled back, and with it what was read.
      if (!database.inTransaction) resolved.set(install, { tenant, limits });
      return limits;
    },

    /** Limits as if the install were set to this profile and nothing else were said. */
    limitsUnder: (profile: ProfileLimits): ResolvedLimits =>
      resolveLimits({
        defaults,
        tenant: { id: "", limits: {} },
        install: { id: "", limits: {}, profile },
      }),

    list,
    /** Errors: `profile_not_found`. */
    require,

    /** Makes a profile or replaces one. Errors: `profile_builtin`, `profile_invalid`. */
    saveProfile(name: string, limits: unknown): ProfileLimits {
      requireOwn(name);
      if (!PROFILE_NAME.test(name)) {
        throw new QuotaError({
          code: "profile_invalid",
          message: "The profile's name is not well-formed.",
          details: { expected: PROFILE_NAME.source },
        });
      }
      const checked = checkedLimits(limits);
      sql.saveProfile.run(name, JSON.stringify(checked), clock.now().toISOString());
      forget();
      return { name, limits: checked };
    },

    /** Errors: `profile_builtin`, `profile_not_found`, `profile_in_use`. */
    deleteProfile(name: string): void {
      requireOwn(name);
      require(name);
      const users = list().find((profile) => profile.name === name)?.used_by ?? [];
      if (users.length > 0) {
        throw new QuotaError({
          code: "profile_in_use",
          message: `The profile ${name} is in use.`,
          details: { used_by: users.map(({ scope, id }) => `${scope} ${id}`) },
          hint: "Set them to another profile first.",
        });
      }
      sql.deleteProfile.run(name);
      forget();
    },

    profileName: (scope: "install" | "tenant", id: string): string | undefined => {
      refresh();
      return setting(scope, id).profile;
    },
    /** `null`: no profile. Errors: `profile_not_found`. */
    assign(scope: "install" | "tenant", id: string, profile: string | null): void {
      if (profile !== null) require(profile);
      save(scope, id, { ...setting(scope, id), profile: profile ?? undefined });
    },
    shared: (scope: "extension" | "tenant", id: string): SharedLimits => {
      refresh();
      return setting(scope, id).shared;
    },
    /** Errors: `limits_invalid`. */
    setShared(scope: "extension" | "tenant", id: string, limits: unknown): void {
      const parsed = sharedLimitsSchema.safeParse(limits);
      if (!parsed.success) throw invalidLimits(parsed.error.issues.map(problemOf));
      const { rate_burst: burst, rate_per_minute: rate } = parsed.data;
      if (burst !== undefined && rate === undefined) {
        throw invalidLimits(["rate_burst: set rate_per_minute too, a burst alone limits nothing"]);
      }
      save(scope, id, { ...setting(scope, id), shared: parsed.data });
    },
  };

  function settingsFor(tenant: Tenant, install: InstalledExtension): LimitSettings {
    const shared = [
      { scope: "extension", id: install.registry_id } as const,
      { scope: "tenant", id: tenant.id } as const,
    ].flatMap((of) => {
      const { shared: limits } = setting(of.scope, of.id);
      return Object.keys(limits).length === 0 ? [] : [{ ...of, limits }];
    });
    return {
      defaults,
      tenant: { id: tenant.id, limits: tenant.limits, profile: profileOf("tenant", tenant.id) },
      install: {
        id: install.install_id,
        limits: install.limits,
        profile: profileOf("install", install.install_id),
      },
      shared,
    };
  }
}

/** Errors: `limits_invalid`. */
function checkedLimits(limits: unknown): LimitOverrides {
  const parsed = limitOverridesSchema.safeParse(limits);
  if (!parsed.success) throw invalidLimits(parsed.error.issues.map(problemOf));
  const problems = ceilingProblems(parsed.data);
  if (problems.length > 0) throw invalidLimits(problems);
  return parsed.data;
}

function problemOf(issue: { readonly path: readonly PropertyKey[]; readonly message: string }): string {
  return `${issue.path.map(String).join(".") || "limits"}: ${issue.message}`;
}

function invalidLimits(problems: readonly string[]): QuotaError {
  return new QuotaError({
    code: "limits_invalid",
    message: "The limits are not usable.",
    details: { problems },
  });
}

/** Written by this process or another version of it: what it does not know is not a limit here. */
function readLimits(text: string): LimitOverrides {
  const parsed = limitOverridesSchema.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : {};
}
