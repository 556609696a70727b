import { createPublicKey, type KeyObject } from "node:crypto";
import { MIB } from "../../contract/limits.ts";
import type { TrustAnchor } from "../../contract/trust.ts";
import { TrustError } from "../errors.ts";
import { certificatePem, parseCertificate, publicKeyFingerprint } from "../x509/certificate.ts";
import { EncodingError } from "../x509/encoding-error.ts";
import { type PemBlock, readPemBlocks } from "../x509/pem.ts";
import { describePublicKey } from "../x509/public-key.ts";

/** The largest public CA bundles have about 300 KiB. */
export const MAX_TRUST_FILE_BYTES = 2 * MIB;

/** One certificate or bare public key of a trust file. Fingerprint: of the certificate, or of the public key. */
export interface TrustItem {
  readonly kind: TrustAnchor["kind"];
  /** Normal form: nothing but the block. */
  readonly pem: string;
  readonly fingerprint_sha256: string;
  readonly subject: string | null;
  readonly not_before: string | null;
  readonly not_after: string | null;
}

/**
 * Reads the certificates and public keys of a PEM text; text between the blocks is ignored, repeated ones count once.
 * Throws `TrustError` `bad_trust_file`, or `private_key_in_trust_file`: whoever does that should know at once.
 */
export function readTrustFile(pem: string): TrustItem[] {
  if (pem.length > MAX_TRUST_FILE_BYTES)
    throw badTrustFile(`it is larger than ${MAX_TRUST_FILE_BYTES} bytes`);
  let items: TrustItem[];
  try {
    items = readPemBlocks(pem).map(readItem);
  } catch (error) {
    throw error instanceof EncodingError ? badTrustFile(error.message) : error;
  }
  if (items.length === 0) throw badTrustFile("there is no certificate and no public key in it");
  return [...new Map(items.map((item) => [`${item.kind} ${item.fingerprint_sha256}`, item])).values()];
}

function readItem(block: PemBlock): TrustItem {
  if (block.label.endsWith("PRIVATE KEY")) {
    throw new TrustError({
      code: "private_key_in_trust_file",
      message: "The file holds a private key; a trust list is for certificates and public keys.",
      hint: "Never hand out a private key. Export the certificate instead: workbench keys export ID --certificate.",
    });
  }
  if (block.label === "CERTIFICATE") return certificateItem(block.der);
  if (block.label === "PUBLIC KEY" || block.label === "RSA PUBLIC KEY") return publicKeyItem(block);
  throw new EncodingError("it holds a PEM block that is neither CERTIFICATE nor PUBLIC KEY");
}

function certificateItem(der: Uint8Array): TrustItem {
  const certificate = parseCertificate(der);
  return {
    kind: "certificate",
    pem: certificatePem(certificate),
    fingerprint_sha256: certificate.fingerprint,
    subject: certificate.subject,
    not_before: certificate.notBefore.toISOString(),
    not_after: certificate.notAfter.toISOString(),
  };
}

function publicKeyItem(block: PemBlock): TrustItem {
  const key = readPublicKey(block);
  const { problem } = describePublicKey(key);
  if (problem !== undefined) throw new EncodingError(`a public key in it is ${problem}`);
  return {
    kind: "public_key",
    pem: key.export({ type: "spki", format: "pem" }).toString(),
    fingerprint_sha256: publicKeyFingerprint(key),
    subject: null,
    not_before: null,
    not_after: null,
  };
}

function readPublicKey({ label, der }: PemBlock): KeyObject {
  try {
    return createPublicKey({
      key: Buffer.from(der),
      format: "der",
      type: label === "PUBLIC KEY" ? "spki" : "pkcs1",
    });
  } catch {
    throw new EncodingError("a public key in it cannot be read");
  }
}

function badTrustFile(reason: string): TrustError {
  return new TrustError({
    code: "bad_trust_file",
    message: `The trust file cannot be used: ${reason}.`,
    details: { expected: "PEM with CERTIFICATE or PUBLIC KEY blocks" },
  });
}
