import { z } from "zod";

/** What `list-clients` and `list-services` have in common. Pages count from 1. */
export const listingSchema = z.object({
  search: z.string().optional(),
  page: z.int().nonnegative().optional(),
  pageSize: z.int().nonnegative().optional(),
});
export type Listing = z.infer<typeof listingSchema>;
