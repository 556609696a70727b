import { z } from "zod";
import { headerSchema } from "./execute.ts";

/** What passed in a call besides its row, as far as anybody kept it. */
export const keptExchangeSchema = z.object({
  /** With its query. */
  path: z.string(),
  request_headers: z.array(headerSchema).readonly(),
  /** Absent when there was none; and when it was no text or too long, then `request_bytes` says how long. */
  request_body: z.string().optional(),
  request_bytes: z.number().int().nonnegative().optional(),
  /** The body went on. */
  request_body_cut: z.boolean().optional(),
  response_headers: z.array(headerSchema).readonly().optional(),
  response_body: z.string().optional(),
  response_bytes: z.number().int().nonnegative().optional(),
  /** As whom it was sent. */
  persona_id: z.string().max(256).optional(),
});
export type KeptExchange = z.infer<typeof keptExchangeSchema>;
