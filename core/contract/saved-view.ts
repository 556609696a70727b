import { z } from "zod";

export const savedViewListSchema = z.enum(["executions", "logs"]);
export type SavedViewList = z.infer<typeof savedViewListSchema>;

export const savedViewNameSchema = z.string().trim().min(1).max(64);

/**
 * A named filter of a screen, by the filter's own field names. `within_ms` stands for a time that moves: the last hour
 * is another hour tomorrow.
 */
export const savedViewSchema = z.object({
  name: savedViewNameSchema,
  filter: z.record(z.string().max(32), z.union([z.string().max(1_024), z.number()])),
});
export type SavedView = z.infer<typeof savedViewSchema>;
