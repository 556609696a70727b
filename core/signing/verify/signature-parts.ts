import { certificatePem } from "../x509/certificate.ts";
import { EncodingError } from "../x509/encoding-error.ts";
import { readCmsSignature } from "./cms-signature.ts";

/** What another tool needs to check the signature's value on its own. */
export interface SignatureParts {
  /** DER of the signed attributes: the bytes that the value covers. */
  readonly signedBytes: Uint8Array;
  readonly value: Uint8Array;
  /** PEM of the signer's public key; absent when the signature does not carry its certificate. */
  readonly publicKeyPem?: string;
  readonly signerPem?: string;
}

/** Takes a `SIGNATURE` apart without judging it; `undefined` when it is none. */
export function signatureParts(pem: string): SignatureParts | undefined {
  try {
    const { signedBytes, value, certificates, isSigner } = readCmsSignature(pem);
    const signer = certificates.find(isSigner);
    if (signer === undefined) return { signedBytes, value };
    const publicKeyPem = signer.publicKey.export({ type: "spki", format: "pem" }).toString();
    return { signedBytes, value, publicKeyPem, signerPem: certificatePem(signer) };
  } catch (error) {
    if (error instanceof EncodingError) return undefined;
    throw error;
  }
}
