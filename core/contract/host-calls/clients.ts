import { z } from "zod";
import { listingSchema } from "./listing.ts";

/** Calls of the interface `clients`. */
export const clientsCalls = {
  "clients.list": listingSchema.extend({ includeInactive: z.boolean().optional() }),
  "clients.get": z.object({ clientId: z.string() }),
} as const;
