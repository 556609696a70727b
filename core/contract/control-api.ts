import { z } from "zod";
import { contentHashSchema, normaliseContentHash } from "./content-hash.ts";
import { MAX_ARCHIVE_BYTES, MAX_MANIFEST_BYTES, MAX_SIGNATURE_BYTES } from "./limits.ts";

/** A SHA-256 as the published command line writes it, bare hex, or with the prefix; normalised to `sha256:<hex>`. */
const declaredHashSchema = z
  .string()
  .refine((text) => normaliseContentHash(text) !== undefined, {
    error: "expected a SHA-256 as 64 hex digits, with or without sha256:",
  })
  .transform((text) => contentHashSchema.parse(normaliseContentHash(text)));

const archiveSize = z.number().int().min(1).max(MAX_ARCHIVE_BYTES);
const reference = z.string().min(1).max(256);

/** Query of `POST /api/ext-bundles/upload-proxy`; the body is the archive as `application/octet-stream`. */
export const uploadQuerySchema = z.object({
  filename: z.string().min(1).max(255),
  size: z.coerce.number().pipe(archiveSize),
  declaredHash: declaredHashSchema,
});

export const uploadResponseSchema = z.object({
  upload: z.object({ key: z.string() }),
  filename: z.string(),
  size: z.number().int(),
});
export type UploadResponse = z.infer<typeof uploadResponseSchema>;

/** Body of `POST /api/ext-bundles/finalize`. */
export const finalizeBodySchema = z.object({
  key: z.string().min(1).max(128),
  declaredHash: declaredHashSchema,
  size: archiveSize,
  /** Text of the manifest; must say what the archive's own manifest says. */
  manifestJson: z.string().max(MAX_MANIFEST_BYTES),
  /** PEM of the detached CMS. */
  signature: z.string().max(MAX_SIGNATURE_BYTES).optional(),
});

export const finalizeResponseSchema = z.object({
  extension: z.object({ id: z.string() }),
  version: z.object({ id: z.string() }),
  contentHash: contentHashSchema,
});
export type FinalizeResponse = z.infer<typeof finalizeResponseSchema>;

/** Body of `POST /api/v1/extensions/install`. */
export const installBodySchema = z.object({ registryId: reference, version: z.string().min(1).max(128) });

/** Answered with 202. */
export const installResponseSchema = z.object({
  data: z.object({
    installId: z.string(),
    registryId: z.string(),
    versionId: z.string(),
    version: z.string(),
    message: z.string(),
  }),
});
export type InstallResponse = z.infer<typeof installResponseSchema>;

/** Body of `POST /api/v1/extensions/uninstall`. */
export const uninstallBodySchema = z.object({ registryId: reference });

export const uninstallResponseSchema = z.object({
  data: z.object({ installId: z.string(), registryId: z.string(), message: z.string() }),
});
export type UninstallResponse = z.infer<typeof uninstallResponseSchema>;
