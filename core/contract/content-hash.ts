import { z } from "zod";

/** `sha256:` and 64 lowercase hex digits: SHA-256 over the bundle archive's bytes. */
export const contentHashSchema = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, "expected sha256: followed by 64 lowercase hex digits");
export type ContentHash = z.infer<typeof contentHashSchema>;

/** Accepts the hash with or without its `sha256:` prefix, in either case; `undefined` when it is no SHA-256. */
export function normaliseContentHash(text: string): ContentHash | undefined {
  const candidate = text.toLowerCase();
  const parsed = contentHashSchema.safeParse(
    candidate.startsWith("sha256:") ? candidate : `sha256:${candidate}`,
  );
  return parsed.success ? parsed.data : undefined;
}
