import { z } from "zod";
import { listingSchema } from "./listing.ts";

/** Calls of the interface `services`. */
export const servicesCalls = {
  "services.list": listingSchema.extend({
    itemKind: z.enum(["service", "product"]).optional(),
    isActive: z.boolean().optional(),
    billingMethod: z.enum(["fixed", "hourly", "usage"]).optional(),
  }),
  "services.get": z.object({ serviceId: z.string() }),
} as const;
