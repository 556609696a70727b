import { z } from "zod";
import { contentHashSchema } from "../../contract/content-hash.ts";
import { preparationFailureSchema, preparedStoreSchema } from "../../contract/runner-protocol.ts";

/** Between the host and its preparer process, over the child's IPC channel. */
export const preparerRequestSchema = z.object({
  id: z.number().int(),
  contentHash: contentHashSchema,
  maxMemoryMb: z.number().int().positive(),
});
export type PreparerRequest = z.infer<typeof preparerRequestSchema>;

/** The first message. */
export const preparerStartSchema = z.object({ objectsDir: z.string(), ...preparedStoreSchema.shape });
export type PreparerStart = z.infer<typeof preparerStartSchema>;

export const preparerReplySchema = z.union([
  z.object({ id: z.number().int(), ok: z.literal(true) }),
  z.object({ id: z.number().int(), ok: z.literal(false), ...preparationFailureSchema.shape }),
]);
export type PreparerReply = z.infer<typeof preparerReplySchema>;
