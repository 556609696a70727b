import { z } from "zod";
import defaultTenant from "../../resources/fixtures/default-tenant.json" with { type: "json" };
import type { User } from "../contract/execute.ts";
import { type FixtureDocument, fixtureDocumentSchema } from "../contract/fixtures.ts";
import type { Tenant } from "../contract/install.ts";
import { ceilingProblems, type LimitOverrides, limitOverridesSchema } from "../contract/limit-overrides.ts";
import type { Clock } from "../platform/clock.ts";
import type { Ids } from "../platform/ids.ts";
import type { SecretBox } from "../platform/secret-box.ts";
import { createRevision, type Database, rememberReads } from "../store/index.ts";
import { createApiKeys } from "./api-keys.ts";
import { TenantError } from "./errors.ts";
import { createFixtures, type TenantFile, tenantFileSchema } from "./fixtures.ts";
import { createPersonas, type Persona, type PersonaInput } from "./personas.ts";
import { rememberRows } from "./remembered-rows.ts";
import { createSettings } from "./settings.ts";

const DEFAULT_TENANT_NAME = "Dev tenant";
const DEFAULT_TENANT_SETTING = "default_tenant_id";
const DEFAULT_TENANT = tenantFileSchema.parse(defaultTenant);
/** Tenants and API keys whose owners are remembered. */
const MAX_REMEMBERED = 1_000;
const NO_FIXTURES = fixtureDocumentSchema.parse({});

interface TenantRow {
  id: string;
  name: string;
  is_development: 0 | 1;
  unsigned_policy: "refuse" | "allow";
  limits: string;
}

export interface TenantCaller {
  readonly tenant: Tenant;
  readonly user: User;
}

export interface TenantsOptions {
  database: Database;
  box: SecretBox;
  clock: Clock;
  ids: Ids;
}

const nameSchema = z.string().trim().min(1).max(100);

/**
 * Tenants with their personas, API keys and fixtures. Owns `tenant`.
 * Several processes may open the same home at once; whatever is made on first use is made once.
 */
export type Tenants = ReturnType<typeof createTenants>;

export function createTenants({ database, box, clock, ids }: TenantsOptions) {
  const revision = createRevision(database);
  const { prepareWrite } = revision;
  const personas = createPersonas(database, prepareWrite, ids);
  const keys = createApiKeys({ database, prepareWrite, box, clock, ids });
  const fixtures = createFixtures(database);
  const settings = createSettings({ database });
  const rememberedTenant = rememberRows(toTenant);
  const sql = {
    list: database.prepare<[], TenantRow>("SELECT * FROM tenant ORDER BY created_at, rowid"),
    get: database.prepare<[string], TenantRow>("SELECT * FROM tenant WHERE id = ?"),
    add: prepareWrite("INSERT INTO tenant (id, name, is_development, created_at) VALUES (?, ?, ?, ?)"),
    policy: prepareWrite("UPDATE tenant SET unsigned_policy = ? WHERE id = ?"),
    limits: prepareWrite("UPDATE tenant SET limits = ? WHERE id = ?"),
  };

  const remembered = { database, revision, max: MAX_REMEMBERED };
  const get = rememberReads(remembered, (tenantId): Tenant | undefined => {
    const row = sql.get.get(tenantId);
    return row && rememberedTenant(row);
  });
  const callerByKeyHash = rememberReads(remembered, (keyHash): TenantCaller | undefined => {
    const owner = keys.owner(keyHash);
    return owner && { tenant: require(owner.tenant_id), user: personas.get(owner.persona_id).user };
  });

  function require(tenantId: string): Tenant {
    const tenant = get(tenantId);
    if (tenant) return tenant;
    throw new TenantError({ code: "tenant_not_found", message: "There is no such tenant." });
  }

  /** A tenant with the given fixtures, and a persona with its own API key for each of their users. */
  function add(name: string, isDevelopment: boolean, { users, ...document }: TenantFile): Tenant {
    const id = ids.uuid();
    sql.add.run(id, name, isDevelopment ? 1 : 0, clock.now().toISOString());
    fixtures.set(id, document);
    for (const input of personasFrom(users, document.clients, name)) addPersona(id, input);
    return require(id);
  }

  function addPersona(tenantId: string, input: PersonaInput): Persona {
    const persona = personas.add(tenantId, input);
    keys.create({ tenant_id: tenantId, persona_id: persona.id });
    return persona;
  }

  const write = {
    ensureDefault: database.transaction((): Tenant => {
      const known = get(settings.get(DEFAULT_TENANT_SETTING) ?? "");
      if (known) return known;
      const tenant = add(DEFAULT_TENANT_NAME, true, DEFAULT_TENANT);
      settings.set(DEFAULT_TENANT_SETTING, tenant.id);
      return tenant;
    }),
    create: database.transaction(
      (name: string, isDevelopment: boolean): Tenant =>
        add(name, isDevelopment, {
          ...NO_FIXTURES,
          users: DEFAULT_TENANT.users.slice(0, 2),
        }),
    ),
    addPersona: database.transaction(addPersona),
    setUnsignedPolicy: database.transaction((tenantId: string, policy: Tenant["unsigned_policy"]): Tenant => {
      if (policy === "allow" && !require(tenantId).is_development) {
        throw new TenantError({
          code: "unsigned_not_allowed",
          message: "Only a development tenant may allow unsigned bundles.",
        });
      }
      sql.policy.run(policy, require(tenantId).id);
      return require(tenantId);
    }),
  };

  return {
    get,
    /** Errors: `tenant_not_found`. */
    require,
    list: (): Tenant[] => sql.list.all().map(toTenant),

    /** The home's own development tenant, made on first use with personas, API keys and fixtures. */
    ensureDefault(): Tenant {
      // Without the write lock when it is there already: every command asks.
      const known = get(settings.get(DEFAULT_TENANT_SETTING) ?? "");
      return known ?? write.ensureDefault.immediate();
    },

    /** A further tenant: two internal personas, no business data. Errors: `tenant_invalid`. */
    create({ name, isDevelopment = false }: { name: string; isDevelopment?: boolean }): Tenant {
      const parsed = nameSchema.safeParse(name);
      if (!parsed.success) {
        throw new TenantError({
          code: "tenant_invalid",
          message: "A tenant's name has 1 to 100 characters.",
        });
      }
      return write.create.immediate(parsed.data, isDevelopment);
    },

    /** `allow` lets the tenant run bundles without a signature. Errors: `tenant_not_found`, `unsigned_not_allowed`. */
    setUnsignedPolicy: (tenantId: string, policy: Tenant["unsigned_policy"]): Tenant =>
      write.setUnsignedPolicy.immediate(tenantId, policy),

    /** Replaces the tenant's overrides. Errors: `tenant_not_found`, `tenant_invalid`. */
    setLimits(tenantId: string, limits: LimitOverrides): Tenant {
      const parsed = limitOverridesSchema.safeParse(limits);
      const problems = parsed.success
        ? ceilingProblems(parsed.data)
        : parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
      if (!parsed.success || problems.length > 0) {
        throw new TenantError({
          code: "tenant_invalid",
          message: "The limits are not usable.",
          details: { problems },
        });
      }
      sql.limits.run(JSON.stringify(parsed.data), require(tenantId).id);
      return require(tenantId);
    },

    /** Whom an API key names. `key` is untrusted. */
    callerByApiKey(key: string): TenantCaller | undefined {
      const keyHash = keys.hashOf(key);
      return keyHash === undefined ? undefined : callerByKeyHash(keyHash);
    },

    /** A persona as a caller: the one named, else the tenant's default; the default tenant's when none is named. */
    caller(
      choice: { tenantId?: string | undefined; personaId?: string | undefined } = {},
    ): TenantCaller | undefined {
      const tenant = get(choice.tenantId ?? settings.get(DEFAULT_TENANT_SETTING) ?? "");
      if (!tenant) return undefined;
      const candidates = personas.list(tenant.id);
      const persona =
        choice.personaId === undefined ? candidates[0] : candidates.find(({ id }) => id === choice.personaId);
      return persona && { tenant, user: persona.user };
    },

    /** API key of the persona, or of the tenant's default persona. Errors: `tenant_not_found`, `persona_not_found`, `api_key_unreadable`. */
    apiKeyOf(tenantId: string, personaId?: string): string {
      const tenant = require(tenantId);
      const persona =
        personaId === undefined
          ? personas.list(tenant.id)[0]
          : personas.list(tenant.id).find(({ id }) => id === personaId);
      const key = persona && keys.reveal(persona.id);
      if (key !== undefined) return key;
      throw new TenantError({
        code: "persona_not_found",
        message: "The tenant has no such persona with an API key.",
      });
    },

    personas: {
      list: personas.list,
      get: personas.get,
      /** With an API key of its own. Errors: `tenant_not_found`, `persona_invalid`, `persona_exists`. */
      add: (tenantId: string, input: PersonaInput): Persona =>
        write.addPersona.immediate(require(tenantId).id, input),
      save: personas.save,
      remove: personas.remove,
    },

    fixtures: {
      ...fixtures,
      /** Back to what the default tenant starts with. */
      reset(tenantId: string): FixtureDocument {
        const { users: _users, ...document } = DEFAULT_TENANT;
        return fixtures.set(require(tenantId).id, document);
      },
    },
  };
}

/** Internal users belong to the tenant's own company, client users to their client. */
function personasFrom(
  users: TenantFile["users"],
  clients: FixtureDocument["clients"],
  tenantName: string,
): PersonaInput[] {
  return users.map(({ user_name, client_id, roles, ...user }) => ({
    name: user_name,
    user: {
      ...user,
      user_name,
      client_name: clients.find((client) => client.client_id === client_id)?.client_name ?? tenantName,
      ...(client_id === undefined ? {} : { client_id }),
      ...(roles === undefined ? {} : { roles }),
    },
  }));
}

function toTenant(row: TenantRow): Tenant {
  return {
    id: row.id,
    name: row.name,
    is_development: row.is_development === 1,
    unsigned_policy: row.unsigned_policy,
    limits: limitOverridesSchema.parse(JSON.parse(row.limits)),
  };
}
