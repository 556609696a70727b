import { createCipheriv, createDecipheriv, pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { AsnConvert, AsnProp, AsnPropTypes, OctetString } from "@peculiar/asn1-schema";
import { AlgorithmIdentifier } from "@peculiar/asn1-x509";

/** OWASP's figure for PBKDF2 with HMAC-SHA-256. */
const PBKDF2_ITERATIONS = 600_000;
const SALT_BYTES = 16;
const KEY_BYTES = 32;
const IV_BYTES = 16;

export const PBES2_OID = "1.2.840.113549.1.5.13";
const PBKDF2_OID = "1.2.840.113549.1.5.12";
const AES_256_CBC_OID = "2.16.840.1.101.3.4.1.42";
const HMAC_SHA256_OID = "1.2.840.113549.2.9";
/** What PBKDF2 uses when it does not say. */
const HMAC_SHA1_OID = "1.2.840.113549.2.7";

const CIPHERS: Readonly<Record<string, { name: string; keyBytes: number }>> = {
  "2.16.840.1.101.3.4.1.2": { name: "aes-128-cbc", keyBytes: 16 },
  "2.16.840.1.101.3.4.1.22": { name: "aes-192-cbc", keyBytes: 24 },
  [AES_256_CBC_OID]: { name: "aes-256-cbc", keyBytes: KEY_BYTES },
  "1.2.840.113549.3.7": { name: "des-ede3-cbc", keyBytes: 24 },
};
const PRFS: Readonly<Record<string, string>> = {
  [HMAC_SHA1_OID]: "sha1",
  "1.2.840.113549.2.8": "sha224",
  [HMAC_SHA256_OID]: "sha256",
  "1.2.840.113549.2.10": "sha384",
  "1.2.840.113549.2.11": "sha512",
};

// RFC 8018, A.4 and A.2. Decorators are applied as calls, because types are stripped and not compiled.
class Pbes2Parameters {
  keyDerivation = new AlgorithmIdentifier();
  encryption = new AlgorithmIdentifier();
}
AsnProp({ type: AlgorithmIdentifier })(Pbes2Parameters.prototype, "keyDerivation");
AsnProp({ type: AlgorithmIdentifier })(Pbes2Parameters.prototype, "encryption");

class Pbkdf2Parameters {
  salt = new OctetString();
  iterations = 0;
  keyLength?: number;
  prf?: AlgorithmIdentifier;
}
AsnProp({ type: OctetString })(Pbkdf2Parameters.prototype, "salt");
AsnProp({ type: AsnPropTypes.Integer })(Pbkdf2Parameters.prototype, "iterations");
AsnProp({ type: AsnPropTypes.Integer, optional: true })(Pbkdf2Parameters.prototype, "keyLength");
AsnProp({ type: AlgorithmIdentifier, optional: true })(Pbkdf2Parameters.prototype, "prf");

const derive = promisify(pbkdf2);

export interface Encrypted {
  readonly algorithm: AlgorithmIdentifier;
  readonly ciphertext: Uint8Array;
}

/** Encrypts under a passphrase with PBES2: PBKDF2-HMAC-SHA-256 and AES-256-CBC, which OpenSSL 3 reads. */
export async function encryptPbes2(plaintext: Uint8Array, passphrase: string): Promise<Encrypted> {
  const salt = randomBytes(SALT_BYTES);
  const iv = randomBytes(IV_BYTES);
  const key = await derive(passphrase, salt, PBKDF2_ITERATIONS, KEY_BYTES, "sha256");
  const cipher = createCipheriv("aes-256-cbc", key, iv);
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  const pbkdf2Parameters = Object.assign(new Pbkdf2Parameters(), {
    salt: new OctetString(salt),
    iterations: PBKDF2_ITERATIONS,
    prf: new AlgorithmIdentifier({ algorithm: HMAC_SHA256_OID, parameters: null }),
  });
  const parameters = Object.assign(new Pbes2Parameters(), {
    keyDerivation: new AlgorithmIdentifier({
      algorithm: PBKDF2_OID,
      parameters: AsnConvert.serialize(pbkdf2Parameters),
    }),
    encryption: new AlgorithmIdentifier({
      algorithm: AES_256_CBC_OID,
      parameters: AsnConvert.serialize(new OctetString(iv)),
    }),
  });
  return {
    algorithm: new AlgorithmIdentifier({
      algorithm: PBES2_OID,
      parameters: AsnConvert.serialize(parameters),
    }),
    ciphertext,
  };
}

/**
 * Decrypts PBES2 with PBKDF2 and AES-CBC or 3DES. `undefined` when the algorithm is another one; throws OpenSSL's
 * error when the passphrase is wrong. The caller has bounded the iterations (`requireBearableWork`).
 */
export async function decryptPbes2(encrypted: Encrypted, passphrase: string): Promise<Buffer | undefined> {
  const { algorithm, parameters } = encrypted.algorithm;
  if (algorithm !== PBES2_OID || !parameters) return undefined;
  const { keyDerivation, encryption } = AsnConvert.parse(parameters, Pbes2Parameters);
  const cipher = CIPHERS[encryption.algorithm];
  if (keyDerivation.algorithm !== PBKDF2_OID || !keyDerivation.parameters) return undefined;
  if (cipher === undefined || !encryption.parameters) return undefined;
  const { salt, iterations, prf } = AsnConvert.parse(keyDerivation.parameters, Pbkdf2Parameters);
  const digest = PRFS[prf?.algorithm ?? HMAC_SHA1_OID];
  if (digest === undefined) return undefined;
  const iv = AsnConvert.parse(encryption.parameters, OctetString).buffer;
  const key = await derive(passphrase, Buffer.from(salt.buffer), iterations, cipher.keyBytes, digest);
  const decipher = createDecipheriv(cipher.name, key, Buffer.from(iv));
  return Buffer.concat([decipher.update(encrypted.ciphertext), decipher.final()]);
}
