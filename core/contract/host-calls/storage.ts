import { z } from "zod";

const namespace = z.string();
const key = z.string();

const storageEntrySchema = z.object({
  namespace,
  key,
  value: z.instanceof(Uint8Array),
  revision: z.bigint().nonnegative().optional(),
});
export type StorageEntry = z.infer<typeof storageEntrySchema>;

/** Calls of the interface `storage`, as the runner passes them on. */
export const storageCalls = {
  "storage.get": z.object({ namespace, key }),
  "storage.put": storageEntrySchema,
  "storage.delete": z.object({ namespace, key }),
  "storage.list": z.object({ namespace, cursor: z.string().optional() }),
} as const;
