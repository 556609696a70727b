import { z } from "zod";
import { contentHashSchema } from "../content-hash.ts";
import { keyAlgorithmSchema } from "../key-algorithm.ts";
import { MAX_ARCHIVE_BYTES, MAX_SIGNATURE_BYTES, MIB } from "../limits.ts";
import { revocationSchema } from "../trust.ts";
import { verificationReportSchema } from "../verification.ts";

/** A key file is a few KiB; a PKCS #12 with a long chain some more. */
export const MAX_KEY_FILE_BYTES = 1 * MIB;
/** Days before the end of a certificate's validity from which on a screen warns. */
export const EXPIRY_WARNING_DAYS = 30;
/** Bytes of one part of an upload. */
export const UPLOAD_PART_BYTES = 1 * MIB;

const reference = z.string().min(1).max(256);
const subject = z.string().min(1).max(1024);
const days = z.number().int().positive().max(36_500);
const pem = z.string().max(2 * MIB);
const passphrase = z.string().max(1024);
const base64Of = (bytes: number) => z.base64().max(Math.ceil(bytes / 3) * 4);

/** Public halves only. Times are ISO 8601; fingerprints lowercase hex. */
export const signingKeySchema = z.object({
  id: z.string(),
  algorithm: keyAlgorithmSchema,
  subject: z.string(),
  issuer: z.string().nullable(),
  fingerprint_sha256: z.string().nullable(),
  not_before: z.string().nullable(),
  not_after: z.string().nullable(),
  kind: z.enum(["signing", "authority", "awaits_certificate"]),
  /** Of the certificate: `digitalSignature`, `codeSigning`, …; empty without one. */
  usages: z.array(z.string()).readonly(),
  validity: z.enum(["valid", "expires_soon", "expired", "not_yet_valid", "none"]),
  issuer_key_id: z.string().nullable(),
  /** The key that signs unless another is named. */
  is_active: z.boolean(),
  /** Made by the workbench itself, trusted for the development tenant alone. */
  is_development: z.boolean(),
  revoked: revocationSchema.nullable(),
  /** Trust entries that hold this very certificate. */
  trust_ids: z.array(z.string()).readonly(),
  created_at: z.string(),
});
export type SigningKey = z.infer<typeof signingKeySchema>;

const certificateSchema = z.object({
  subject: z.string(),
  issuer: z.string(),
  self_signed: z.boolean(),
  serial: z.string(),
  not_before: z.string(),
  not_after: z.string(),
  algorithm: z.string(),
  signature_algorithm: z.string(),
  is_ca: z.boolean(),
  usages: z.array(z.string()).readonly(),
  extensions: z
    .array(z.object({ oid: z.string(), name: z.string(), critical: z.boolean(), value: z.string() }))
    .readonly(),
  fingerprint_sha256: z.string(),
  fingerprint_sha1: z.string(),
  key_fingerprint_sha256: z.string(),
  pem: z.string(),
});
export type CertificateDescription = z.infer<typeof certificateSchema>;

const dependentsSchema = z.object({
  /** Published versions that this key's certificate signed, with how many installs run them. */
  signed: z
    .array(
      z.object({
        registry_id: z.string(),
        name: z.string(),
        version: z.string(),
        content_hash: z.string(),
        installs: z.number().int(),
      }),
    )
    .readonly(),
  trust: z.array(z.object({ id: z.string(), subject: z.string().nullable() })).readonly(),
  /** Keys whose certificates this authority issued. */
  issued: z.array(z.object({ id: z.string(), subject: z.string() })).readonly(),
  is_active: z.boolean(),
  is_development: z.boolean(),
});
export type KeyDependents = z.infer<typeof dependentsSchema>;

const trustEntrySchema = z.object({
  id: z.string(),
  kind: z.enum(["certificate", "public_key"]),
  subject: z.string().nullable(),
  fingerprint_sha256: z.string(),
  not_before: z.string().nullable(),
  not_after: z.string().nullable(),
  source: z.enum(["own", "environment"]),
  /** `null`: every tenant. */
  tenants: z.array(z.string()).readonly().nullable(),
  note: z.string().nullable(),
  created_at: z.string().nullable(),
  /** The key of this workbench that the entry is about. */
  key_id: z.string().nullable(),
});
export type TrustListEntry = z.infer<typeof trustEntrySchema>;

/** A bundle that was uploaded for this, or one that is in the registry. */
export const bundleReferenceSchema = z.union([
  z.strictObject({ upload_id: reference }),
  z.strictObject({ content_hash: contentHashSchema }),
]);
export type BundleReference = z.infer<typeof bundleReferenceSchema>;

const downloadSchema = z.object({
  file_name: z.string(),
  media_type: z.string(),
  content_b64: z.string(),
});
export type Download = z.infer<typeof downloadSchema>;

const nothing = z.strictObject({});
const keyOnly = z.strictObject({ key_id: reference });
const keyAnswer = z.object({ key: signingKeySchema });

/** Procedures of the keys screen: `{name: {input, output}}`; merged into the one map in ../rpc.ts. */
export const keysProcedures = {
  "keys.list": {
    input: nothing,
    output: z.object({ items: z.array(signingKeySchema).readonly() }),
  },
  /** Makes it the key that signs unless another is named. */
  "keys.activate": { input: keyOnly, output: keyAnswer },
  "keys.generate": {
    input: z.strictObject({
      kind: z.enum(["self_signed", "authority", "issued", "request"]),
      algorithm: keyAlgorithmSchema,
      subject,
      days: days.optional(),
      /** For `issued`: the local authority. */
      issuer_key_id: reference.optional(),
    }),
    /** `csr`: the PKCS #10 request of a `request`. */
    output: keyAnswer.extend({ csr: z.string().optional() }),
  },
  /** PEM, PKCS #8 or PKCS #12. Told apart by code: `passphrase_required`, `wrong_passphrase`, `unsupported_key_format`, `corrupt_key_file`. */
  "keys.import": {
    input: z.strictObject({
      file_b64: base64Of(MAX_KEY_FILE_BYTES),
      passphrase: passphrase.optional(),
      /** Makes a self-signed certificate when the file brings none. */
      subject: subject.optional(),
    }),
    output: keyAnswer,
  },
  "keys.csr": {
    input: keyOnly.extend({ subject: subject.optional() }),
    output: z.object({ csr: z.string() }),
  },
  "keys.attach": { input: keyOnly.extend({ pem }), output: keyAnswer },
  /** A private key leaves only under the passphrase. */
  "keys.export": {
    input: keyOnly.extend({
      format: z.enum(["certificate", "pkcs8", "pkcs12"]),
      passphrase: passphrase.optional(),
    }),
    output: downloadSchema,
  },
  "keys.dependents": { input: keyOnly, output: dependentsSchema },
  "keys.delete": { input: keyOnly, output: z.object({ key_id: z.string() }) },
  /** Everything that a certificate says, its chain included. */
  "certificates.inspect": {
    input: z.union([keyOnly, z.strictObject({ trust_id: reference }), z.strictObject({ pem: pem.min(1) })]),
    output: z.object({ items: z.array(certificateSchema).readonly() }),
  },
  "trust.list": {
    input: nothing,
    output: z.object({
      items: z.array(trustEntrySchema).readonly(),
      revocations: z.array(revocationSchema).readonly(),
    }),
  },
  "trust.add": {
    input: z.strictObject({
      source: z.union([z.strictObject({ pem: pem.min(1) }), keyOnly]),
      tenants: z.array(reference).max(1_000).nullable(),
      note: z.string().max(500).optional(),
    }),
    output: z.object({ items: z.array(trustEntrySchema).readonly() }),
  },
  "trust.remove": { input: z.strictObject({ trust_id: reference }), output: nothing },
  "trust.revoke": {
    input: z.strictObject({
      by: z.enum(["fingerprint", "serial"]),
      value: z.string().min(1).max(256),
      /** ISO 8601; default: now. */
      at: z.string().max(64).optional(),
      reason: z.string().max(500).optional(),
    }),
    output: z.object({ revocation: revocationSchema }),
  },
  /** All that is trusted, as one PEM bundle for OpenSSL. */
  "trust.export": { input: nothing, output: downloadSchema },
  /** One part of a bundle file. The first names its size and gets an id; parts come in order. */
  "bundles.upload": {
    input: z.strictObject({
      upload_id: reference.optional(),
      size: z.number().int().min(1).max(MAX_ARCHIVE_BYTES),
      offset: z.number().int().min(0),
      part_b64: base64Of(UPLOAD_PART_BYTES),
    }),
    output: z.object({ upload_id: z.string(), received: z.number().int() }),
  },
  "bundles.discard": { input: z.strictObject({ upload_id: reference }), output: nothing },
  "bundles.sign": {
    input: z.strictObject({
      bundle: bundleReferenceSchema,
      /** Default: the active key. */
      key_id: reference.optional(),
    }),
    output: z.object({
      signature: z.string(),
      key_id: z.string(),
      algorithm: keyAlgorithmSchema,
      content_hash: contentHashSchema,
    }),
  },
  "bundles.verify": {
    input: z.strictObject({
      bundle: bundleReferenceSchema,
      /** Of an upload; a published bundle brings its own. */
      signature: z.string().max(MAX_SIGNATURE_BYTES).optional(),
      /** ISO 8601; default: now. */
      at: z.string().max(64).optional(),
      tenant_id: reference.optional(),
      /** Judge by these anchors alone. */
      trust_pem: pem.optional(),
    }),
    output: z.object({
      report: verificationReportSchema,
      /** When it was judged. */
      at: z.string(),
      /** The command that asks OpenSSL the same, and the files that it needs besides bundle and signature. */
      openssl: z.object({
        command: z.string(),
        note: z.string().optional(),
        files: z.array(downloadSchema).readonly(),
      }),
    }),
  },
} as const;

/** Subscriptions of the keys screen: `{name: {input, event}}`. An event with a numeric `id` can be resumed after. */
export const keysSubscriptions = {} as const;
