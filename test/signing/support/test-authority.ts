import "reflect-metadata";
import {
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  webcrypto,
} from "node:crypto";
import * as x509 from "@peculiar/x509";
import type { Signer } from "../../../core/signing/index.ts";
import { NOW } from "./signing-home.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const ECDSA = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** A certificate with its key, able to issue others, rightly or wrongly: for chains that must be refused. */
export interface Identity {
  readonly privateKey: KeyObject;
  readonly certificate: x509.X509Certificate;
  readonly pem: string;
  readonly fingerprint: string;
  readonly serial: string;
}

export interface IdentityOptions {
  readonly name: string;
  /** Absent: self-signed. */
  readonly issuer?: Identity;
  /** Written as the issuer's name in place of the issuer's own. */
  readonly issuerName?: string;
  readonly isCa?: boolean;
  readonly pathLength?: number;
  readonly keyUsage?: x509.KeyUsageFlags;
  readonly extendedKeyUsage?: string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly extensions?: x509.Extension[];
  readonly privateKey?: KeyObject;
}

export async function identity(options: IdentityOptions): Promise<Identity> {
  const { issuer, isCa = false } = options;
  const privateKey = options.privateKey ?? generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  const publicKey = createPublicKey(privateKey).toCryptoKey(ECDSA, true, ["verify"]);
  const constraints = new x509.BasicConstraintsExtension(isCa, options.pathLength, true);
  const usage = options.keyUsage === undefined ? [] : [new x509.KeyUsagesExtension(options.keyUsage, true)];
  const purposes = options.extendedKeyUsage
    ? [new x509.ExtendedKeyUsageExtension(options.extendedKeyUsage)]
    : [];
  const certificate = await x509.X509CertificateGenerator.create(
    {
      serialNumber: `40${randomBytes(8).toString("hex")}`,
      subject: `CN=${options.name}`,
      issuer: options.issuerName ?? issuer?.certificate.subject ?? `CN=${options.name}`,
      notBefore: options.notBefore ?? new Date(NOW.getTime() - DAY_MS),
      notAfter: options.notAfter ?? new Date(NOW.getTime() + 365 * DAY_MS),
      publicKey,
      signingKey: (issuer?.privateKey ?? privateKey).toCryptoKey(ECDSA, false, ["sign"]),
      signingAlgorithm: ECDSA,
      extensions: [constraints, ...usage, ...purposes, ...(options.extensions ?? [])],
    },
    webcrypto,
  );
  return {
    privateKey,
    certificate,
    pem: `${certificate.toString("pem")}\n`,
    fingerprint: Buffer.from(await certificate.getThumbprint("SHA-256", webcrypto)).toString("hex"),
    serial: certificate.serialNumber,
  };
}

/** An authority named so, with the usage that authorities have. */
export function authority(name: string, options: Partial<IdentityOptions> = {}): Promise<Identity> {
  return identity({ name, isCa: true, keyUsage: x509.KeyUsageFlags.keyCertSign, ...options });
}

/** A publisher named so, with the usage that publishers have. */
export function publisher(name: string, options: Partial<IdentityOptions> = {}): Promise<Identity> {
  return identity({
    name,
    keyUsage: x509.KeyUsageFlags.digitalSignature,
    extendedKeyUsage: [x509.ExtendedKeyUsage.codeSigning],
    ...options,
  });
}

/** Signs with an identity and puts these certificates into the signature, its own first. */
export function signerOf(identity: Identity, ...chain: Identity[]): Signer {
  return {
    keyId: "test",
    algorithm: "ecdsa-p256",
    chain: [identity, ...chain].map(({ pem }) => pem),
    sign: async (bytes) => sign("sha256", bytes, identity.privateKey),
  };
}

/** The certificate's public key alone, PEM. */
export function publicKeyPem({ privateKey }: Identity): string {
  return createPublicKey(privateKey).export({ type: "spki", format: "pem" }).toString();
}
