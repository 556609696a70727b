import { Buffer } from "node:buffer";
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import type { SecretEnvelope } from "../contract/execute.ts";
import { SecretError } from "./errors.ts";

/**
 * What an envelope is bound to: fields of the execute request's `context`. An envelope that is moved to another
 * execution, or whose expiry is changed, does not open.
 */
export interface EnvelopeScope {
  readonly install_id: string;
  readonly request_id: string;
  readonly execution_id?: string | undefined;
}

export type Secrets = ReadonlyMap<string, string>;

const ALGORITHM = "aes-256-gcm";
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Separates this key from whatever else is derived from, or sent as, the service token. */
const KEY_INFO = "extension-workbench/secret-envelope/v1";

/** Seals for whoever holds the service token: the runner. Nothing of it is readable in a log of the request. */
export function sealEnvelope(
  secrets: Secrets,
  serviceToken: string,
  scope: EnvelopeScope,
  expiresAt: Date,
): SecretEnvelope {
  const expires_at = expiresAt.toISOString();
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, keyFrom(serviceToken), iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(associatedData(scope, expires_at));
  const plaintext = Buffer.from(JSON.stringify([...secrets]), "utf8");
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  plaintext.fill(0);
  return {
    algorithm: ALGORITHM,
    iv_b64: iv.toString("base64"),
    ciphertext_b64: ciphertext.toString("base64"),
    tag_b64: cipher.getAuthTag().toString("base64"),
    expires_at,
  };
}

/**
 * Opens an envelope inside the runner process. Uses nothing but `node:crypto`.
 * Errors: `envelope_expired`; `envelope_invalid` for another token, another execution or altered bytes.
 */
export function openEnvelope(
  envelope: SecretEnvelope,
  serviceToken: string,
  scope: EnvelopeScope,
  now: Date,
): Secrets {
  const entries = decrypt(envelope, serviceToken, scope);
  // After the tag has vouched for `expires_at`. An unreadable date counts as past.
  if (!(now.getTime() < Date.parse(envelope.expires_at))) {
    throw new SecretError({
      code: "envelope_expired",
      kind: "system",
      message: "The secret envelope has expired.",
    });
  }
  return new Map(entries);
}

function decrypt(envelope: SecretEnvelope, serviceToken: string, scope: EnvelopeScope): [string, string][] {
  try {
    const iv = Buffer.from(envelope.iv_b64, "base64");
    const decipher = createDecipheriv(ALGORITHM, keyFrom(serviceToken), iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(associatedData(scope, envelope.expires_at));
    decipher.setAuthTag(Buffer.from(envelope.tag_b64, "base64"));
    const ciphertext = Buffer.from(envelope.ciphertext_b64, "base64");
    const plaintext = Buffer.concat([decipher.update(ciphertext), decipher.final()]);
    // Cast: the tag proves that `sealEnvelope` wrote these bytes.
    return JSON.parse(plaintext.toString("utf8")) as [string, string][];
  } catch (cause) {
    throw new SecretError({
      code: "envelope_invalid",
      kind: "system",
      message: "The secret envelope does not open for this execution.",
      cause,
    });
  }
}

function keyFrom(serviceToken: string): Buffer {
  return Buffer.from(hkdfSync("sha256", serviceToken, "", KEY_INFO, KEY_BYTES));
}

function associatedData(scope: EnvelopeScope, expiresAt: string): Buffer {
  const fields = [KEY_INFO, scope.install_id, scope.request_id, scope.execution_id ?? null, expiresAt];
  return Buffer.from(JSON.stringify(fields), "utf8");
}
