import type { Download } from "../contract/rpc/keys.ts";
import { signatureParts } from "../signing/index.ts";
import { download } from "./keys.ts";

export interface OpensslQuestion {
  readonly command: string;
  readonly note?: string;
  readonly files: readonly Download[];
}

interface Verification {
  readonly signature: string | undefined;
  readonly trustPem: string;
  readonly at: Date;
}

const BUNDLE = "bundle.tar.zst";

/**
 * The command by which OpenSSL, which shares no code with this program, answers the same question, and the files that
 * it needs. It knows no revocations and no tenants of this workbench, and no Ed25519 in CMS before 3.2.
 */
export function opensslQuestion({ signature, trustPem, at }: Verification): OpensslQuestion {
  const trust = download("trust.pem", "application/x-pem-file", certificatesOf(trustPem));
  const parts = signature === undefined ? undefined : signatureParts(signature);
  if (parts?.publicKeyPem && isEd25519(parts.value, parts.publicKeyPem)) {
    return {
      command:
        "openssl pkeyutl -verify -rawin -pubin -inkey public.pem -in signed-attributes.der -sigfile signature.bin",
      note: "OpenSSL 3.0 knows no Ed25519 in CMS. This checks the signature over the signed attributes; compare the hash in them with `openssl dgst -sha256`.",
      files: [
        download("public.pem", "application/x-pem-file", parts.publicKeyPem),
        download("signed-attributes.der", "application/octet-stream", parts.signedBytes),
        download("signature.bin", "application/octet-stream", parts.value),
      ],
    };
  }
  const seconds = Math.floor(at.getTime() / 1000);
  return {
    command: `openssl cms -verify -binary -inform PEM -in ${BUNDLE}.SIGNATURE -content ${BUNDLE} -CAfile trust.pem -partial_chain -purpose any -attime ${seconds} -out /dev/null`,
    note: "OpenSSL judges bytes, signature, chain and validity. Tenants and revocations of this workbench are not known to it.",
    files: [
      trust,
      ...(signature === undefined ? [] : [download(`${BUNDLE}.SIGNATURE`, "application/cms", signature)]),
    ],
  };
}

const ED25519_SIGNATURE_BYTES = 64;
/** SubjectPublicKeyInfo of an Ed25519 key always begins with these bytes. */
const ED25519_SPKI_PREFIX = "MCowBQYDK2Vw";

function isEd25519(value: Uint8Array, publicKeyPem: string): boolean {
  return value.byteLength === ED25519_SIGNATURE_BYTES && publicKeyPem.includes(ED25519_SPKI_PREFIX);
}

/** A bundle of anchors for `-CAfile`, which takes certificates and no bare keys. */
function certificatesOf(pem: string): string {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n?/g) ?? [];
  return blocks.join("");
}
