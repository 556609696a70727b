import { z } from "zod";

/** Trust as data: what the host hands to the verifier and to the runner process. Holds no private material. */
export const trustAnchorSchema = z.object({
  id: z.string(),
  kind: z.enum(["certificate", "public_key"]),
  pem: z.string(),
  /** `own`: the workbench's list; `environment`: SIGNING_TRUST_BUNDLE; `file`: given for one verification. */
  source: z.enum(["own", "environment", "file"]),
  /** Tenants for which the anchor counts; `null` is every tenant. */
  tenants: z.array(z.string()).nullable(),
  note: z.string().optional(),
});
export type TrustAnchor = z.infer<typeof trustAnchorSchema>;

export const revocationSchema = z.object({
  /** Lowercase hex SHA-256 over the certificate's DER, or the serial as lowercase hex. */
  by: z.enum(["fingerprint", "serial"]),
  value: z.string(),
  /** ISO 8601: judged against the time of verification, not of signing. */
  revoked_at: z.string(),
  reason: z.string().optional(),
});
export type Revocation = z.infer<typeof revocationSchema>;

export const trustSnapshotSchema = z.object({
  anchors: z.array(trustAnchorSchema),
  revocations: z.array(revocationSchema),
});
export type TrustSnapshot = z.infer<typeof trustSnapshotSchema>;
