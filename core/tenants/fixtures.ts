import { z } from "zod";
import { MIB } from "../contract/limits.ts";
import type { Database } from "../store/index.ts";
import { TenantError } from "./errors.ts";

/** A fixture is edited by hand and read whole at a host call. */
const MAX_FIXTURE_ITEMS = 10_000;
const MAX_FIXTURE_BYTES = 8 * MIB;

const id = z.string().min(1).max(128);
const text = z.string().max(1_000);

const clientSchema = z.strictObject({
  client_id: id,
  client_name: text.min(1),
  client_type: text.optional(),
  is_inactive: z.boolean().default(false),
  default_currency_code: z.string().max(16).optional(),
  account_manager_id: id.optional(),
  account_manager_name: text.optional(),
  billing_email: text.optional(),
});

const serviceSchema = z.strictObject({
  service_id: id,
  service_name: text.min(1),
  item_kind: z.enum(["service", "product"]).default("service"),
  billing_method: z.enum(["fixed", "hourly", "usage"]),
  service_type_id: id.optional(),
  service_type_name: text.optional(),
  default_rate: z.number().nonnegative(),
  unit_of_measure: text,
  is_active: z.boolean().default(true),
  sku: text.optional(),
});

/** People that the fixtures mention, and from whom a new tenant's personas are made. */
const fixtureUserSchema = z.strictObject({
  user_id: id,
  user_name: text.min(1),
  user_email: text,
  user_type: z.enum(["internal", "client"]),
  client_id: id.optional(),
  roles: z.array(z.enum(["read", "write"])).optional(),
});

const FIXTURE_SCHEMAS = {
  clients: unique(clientSchema, "client_id"),
  services: unique(serviceSchema, "service_id"),
  users: unique(fixtureUserSchema, "user_id"),
};

export type FixtureKind = keyof typeof FIXTURE_SCHEMAS;
export type FixtureData<Kind extends FixtureKind> = z.output<(typeof FIXTURE_SCHEMAS)[Kind]>;
/** One tenant's stand-in for the platform's business data. */
export type FixtureSet = { readonly [Kind in FixtureKind]: FixtureData<Kind> };

export const FIXTURE_KINDS = ["clients", "services", "users"] as const satisfies readonly FixtureKind[];

/** All kinds at once, for a file that describes a tenant. */
export const fixtureSetSchema = z.strictObject(FIXTURE_SCHEMAS);

export interface Fixtures {
  /** What the tenant has of a kind; an empty list when nothing was ever set. */
  get<Kind extends FixtureKind>(tenantId: string, kind: Kind): FixtureData<Kind>;
  /** Replaces a kind. `data` is untrusted. Errors: `fixture_invalid` with every problem and its path. */
  set<Kind extends FixtureKind>(tenantId: string, kind: Kind, data: unknown): FixtureData<Kind>;
}

/** Owns `fixture`. */
export function createFixtures(database: Database): Fixtures {
  const read = database
    .prepare<[string, string], string>("SELECT data FROM fixture WHERE tenant_id = ? AND kind = ?")
    .pluck();
  const write = database.prepare(
    "INSERT INTO fixture (tenant_id, kind, data) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET data = excluded.data",
  );

  /** Casts here: TypeScript does not see that a table of schemas indexed by a kind answers with that kind's data. */
  function parse<Kind extends FixtureKind>(kind: Kind, data: unknown): FixtureData<Kind> {
    const parsed = FIXTURE_SCHEMAS[kind].safeParse(data);
    if (parsed.success) return parsed.data as FixtureData<Kind>;
    throw new TenantError({
      code: "fixture_invalid",
      message: `The ${kind} are not usable as fixtures.`,
      details: {
        problems: parsed.error.issues.map((issue) => ({
          path: issue.path.join("."),
          message: issue.message,
        })),
      },
    });
  }

  return {
    get(tenantId, kind) {
      return parse(kind, JSON.parse(read.get(tenantId, kind) ?? "[]"));
    },
    set(tenantId, kind, data) {
      const parsed = parse(kind, data);
      const json = JSON.stringify(parsed);
      if (Buffer.byteLength(json) > MAX_FIXTURE_BYTES) {
        throw new TenantError({
          code: "fixture_invalid",
          message: `The ${kind} are too large.`,
          details: { expected: `at most ${MAX_FIXTURE_BYTES} bytes`, actual: Buffer.byteLength(json) },
        });
      }
      write.run(tenantId, kind, json);
      return parsed;
    },
  };
}

function unique<Item extends z.ZodType<object>>(item: Item, key: keyof z.output<Item> & string) {
  return z
    .array(item)
    .max(MAX_FIXTURE_ITEMS)
    .superRefine((items, context) => {
      const seen = new Set<unknown>();
      for (const [index, one] of items.entries()) {
        const value = one[key];
        if (seen.has(value)) {
          context.addIssue({ code: "custom", path: [index, key], message: `${key} is used twice` });
        }
        seen.add(value);
      }
    });
}
