import { z } from "zod";
import { endpointSchema } from "./endpoint.ts";
import { MIB } from "./limits.ts";

/*
 * One tenant's stand-in for the platform's business data: what the host functions `clients`, `services`, `invoicing`
 * and `ui-proxy` answer from. A developer edits it as one JSON document.
 */

/** A document is edited by hand and read whole at a host call. */
export const MAX_FIXTURE_ITEMS = 10_000;
export const MAX_FIXTURE_BYTES = 8 * MIB;
export const MAX_ROUTES = 1_000;
/** Routes that extensions call on the platform start with this; any other route is the extension's own. */
export const PLATFORM_ROUTE_PREFIX = "/api/";

const id = z.string().min(1).max(128);
const text = z.string().max(1_000);

const clientSchema = z
  .strictObject({
    client_id: id.describe("What `get-client` and `create-manual-invoice` ask by."),
    client_name: text.min(1).describe("Searched by `list-clients`."),
    client_type: text.optional().describe("Such as company or individual."),
    is_inactive: z
      .boolean()
      .default(false)
      .describe("Listed only when the extension asks for inactive ones."),
    default_currency_code: z
      .string()
      .regex(/^[A-Z]{3}$/, "expected a currency code of three capitals, such as USD")
      .optional()
      .describe("Currency of the client's invoices; its smallest unit is what they are rounded to."),
    account_manager_id: id.optional().describe("User id of the account manager."),
    account_manager_name: text.optional().describe("Name of the account manager."),
    billing_email: text.optional().describe("Searched by `list-clients`."),
  })
  .describe("One client of the tenant.");
export type FixtureClient = z.output<typeof clientSchema>;

const serviceSchema = z
  .strictObject({
    service_id: id.describe("What `get-service` and the items of an invoice ask by."),
    service_name: text.min(1).describe("Searched by `list-services`."),
    item_kind: z.enum(["service", "product"]).default("service").describe("Service or product."),
    billing_method: z.enum(["fixed", "hourly", "usage"]).describe("How it is billed."),
    service_type_id: id.optional().describe("Id of the kind of service."),
    service_type_name: text.optional().describe("Name of the kind of service."),
    default_rate: z.number().nonnegative().describe("Price of one unit, in whole units of the currency."),
    unit_of_measure: text.describe("What one unit is, such as hour or device."),
    is_active: z.boolean().default(true).describe("Whether it is still sold."),
    sku: text.optional().describe("Stock keeping unit of a product; searched by `list-services`."),
  })
  .describe("One service or product of the tenant.");
export type FixtureService = z.output<typeof serviceSchema>;

const routeSchema = z
  .strictObject({
    method: z
      .enum(["GET", "POST"])
      .describe("GET for a call without a payload, POST for one with a payload."),
    path: endpointSchema.shape.path
      .refine((path) => path.startsWith(PLATFORM_ROUTE_PREFIX), {
        error: `expected a path below ${PLATFORM_ROUTE_PREFIX}`,
      })
      .describe("Path below /api/ without a query. A segment such as :id matches any one segment."),
    status: z
      .int()
      .min(200)
      .max(599)
      .default(200)
      .describe(
        "HTTP status. 2xx answers with the body; 404 is `route-not-found`, 401 and 403 `denied`, other 4xx `bad-request`, the rest `internal`.",
      ),
    body: z.json().optional().describe("What the extension gets: JSON, or a text as it stands."),
  })
  .describe("One route of the platform that `ui-proxy.call-route` may call.");
export type FixtureRoute = z.output<typeof routeSchema>;

export const fixtureDocumentSchema = z
  .strictObject({
    $schema: z.string().max(1_000).optional().describe("Address of this schema, for editors."),
    clients: unique(clientSchema, "client_id").default([]).describe("Clients of the tenant."),
    services: unique(serviceSchema, "service_id")
      .default([])
      .describe("Services and products of the tenant."),
    tax_rate_percent: z
      .number()
      .min(0)
      .max(100)
      .default(0)
      .describe("Tax on manual invoices, in percent of the subtotal."),
    routes: z
      .array(routeSchema)
      .max(MAX_ROUTES)
      .default([])
      .describe(
        "Platform routes. Of several that match, the one with the earlier static segment answers, then the one listed first.",
      ),
  })
  .describe("Business data of one tenant.");
export type FixtureDocument = z.output<typeof fixtureDocumentSchema>;

/** People from whom a new tenant's personas are made; afterwards personas are edited by themselves. */
export const fixtureUsersSchema = unique(
  z.strictObject({
    user_id: id,
    user_name: text.min(1),
    user_email: text,
    user_type: z.enum(["internal", "client"]),
    client_id: id.optional(),
    roles: z.array(z.enum(["read", "write"])).optional(),
  }),
  "user_id",
);

function unique<Item extends z.ZodType<object>>(item: Item, key: keyof z.output<Item> & string) {
  return z
    .array(item)
    .max(MAX_FIXTURE_ITEMS)
    .superRefine((items, context) => {
      const seen = new Set<unknown>();
      for (const [index, one] of items.entries()) {
        const value = one[key];
        if (seen.has(value)) {
          context.addIssue({
            code: "custom",
            path: [index, key],
            message: `expected each ${key} once`,
            params: { code: "duplicate_id" },
          });
        }
        seen.add(value);
      }
    });
}
