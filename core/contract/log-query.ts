import { z } from "zod";
import { logEventSchema, logLevelSchema } from "./log-event.ts";

/** A stored line: ids rise in the order of writing and are never reused, so a reader resumes after one. */
export const logItemSchema = logEventSchema.extend({ id: z.number().int().positive() });
export type LogItem = z.infer<typeof logItemSchema>;

/** Which lines; all given conditions must hold. */
export const logFilterSchema = z.strictObject({
  tenant_id: z.string().optional(),
  /** Registry id or install id. */
  extension: z.string().optional(),
  request_id: z.string().optional(),
  /** This level and those above it: debug, info, warn, error. */
  min_level: logLevelSchema.optional(),
  stream: logEventSchema.shape.stream.optional(),
  /** ISO 8601, inclusive. */
  since: z.iso.datetime({ offset: true }).optional(),
  /** ISO 8601, exclusive. */
  until: z.iso.datetime({ offset: true }).optional(),
  /** Part of the message, without case. */
  text: z.string().max(256).optional(),
});
export type LogFilter = z.infer<typeof logFilterSchema>;

export const logQuerySchema = logFilterSchema.extend({
  /** Lines after this id, oldest first. Absent: the newest lines. */
  after: z.number().int().nonnegative().optional(),
  limit: z.number().int().min(1).max(1_000).default(200),
});
export type LogQuery = z.input<typeof logQuerySchema>;

export const logPageSchema = z.object({
  /** Oldest first. */
  items: z.array(logItemSchema),
});
export type LogPage = z.infer<typeof logPageSchema>;
