import type { KeyObject } from "node:crypto";
import { type AsnType, fromBER, Integer, OctetString, Sequence } from "asn1js";
import { KIB } from "../../contract/limits.ts";
import { SigningError } from "../errors.ts";
import type { KeyAlgorithm } from "../key-algorithm.ts";
import { EncodingError } from "../x509/encoding-error.ts";
import { type PemBlock, readPemBlocks } from "../x509/pem.ts";
import { isPrivateKeyBlock, readEncryptedPkcs8, readPemKey, readPlainKey } from "./pem-key.ts";
import { type KeyFileContents, readPkcs12 } from "./pkcs12-reader.ts";
import { corruptKeyFile, requireUsableKey, unsupportedKeyFormat } from "./private-key.ts";

/** A key with a long chain is below 20 KiB. */
export const MAX_KEY_FILE_BYTES = 512 * KIB;

/** One private key and the certificates that came with it, as found. */
export interface KeyFile {
  readonly privateKey: KeyObject;
  readonly algorithm: KeyAlgorithm;
  readonly certificates: readonly Uint8Array[];
}

/** First bytes of formats that people try and that are not supported, to say so by name. */
const FOREIGN: readonly { magic: Buffer; name: string }[] = [
  { magic: Buffer.from("feedfeed", "hex"), name: "a Java key store (JKS); convert it to PKCS #12" },
  { magic: Buffer.from("cececece", "hex"), name: "a Java key store (JCEKS); convert it to PKCS #12" },
];
const FOREIGN_LABELS: Readonly<Record<string, string>> = {
  "OPENSSH PRIVATE KEY": "an OpenSSH key; convert it with ssh-keygen -p -m PKCS8",
  "PGP PRIVATE KEY BLOCK": "a PGP key",
  "DSA PRIVATE KEY": "a DSA key",
};

/**
 * Reads a key file of any supported format by looking at it, not at its name. Throws `SigningError`:
 * `passphrase_required`, `wrong_passphrase`, `unsupported_key_format`, `corrupt_key_file`, `private_key_missing`,
 * `key_too_weak`.
 */
export async function readKeyFile(bytes: Uint8Array, passphrase: string | undefined): Promise<KeyFile> {
  if (bytes.byteLength > MAX_KEY_FILE_BYTES) {
    throw unsupportedKeyFormat(`it is larger than ${MAX_KEY_FILE_BYTES} bytes`);
  }
  const { keys, certificates } = await readContents(bytes, passphrase);
  const [privateKey, ...others] = keys;
  if (privateKey === undefined) {
    throw new SigningError({
      code: "private_key_missing",
      message: "There is no private key in the file.",
      hint: "To trust a certificate or a public key, use workbench trust add FILE.",
    });
  }
  if (others.length > 0) throw unsupportedKeyFormat("there is more than one private key in it");
  return { privateKey, algorithm: requireUsableKey(privateKey), certificates };
}

async function readContents(bytes: Uint8Array, passphrase: string | undefined): Promise<KeyFileContents> {
  const foreign = FOREIGN.find(({ magic }) => Buffer.from(bytes.subarray(0, magic.length)).equals(magic));
  if (foreign) throw unsupportedKeyFormat(`it is ${foreign.name}`);
  const text = Buffer.from(bytes).toString("latin1");
  if (text.includes("-----BEGIN ")) return readPemFile(text, passphrase);
  if (bytes.byteLength === 0) throw corruptKeyFile("it is empty");
  if (bytes[0] !== SEQUENCE_TAG) throw unsupportedKeyFormat("it is neither PEM nor DER");
  return readDerFile(bytes, passphrase);
}

const SEQUENCE_TAG = 0x30;

function readPemFile(text: string, passphrase: string | undefined): KeyFileContents {
  let blocks: PemBlock[];
  try {
    blocks = readPemBlocks(text);
  } catch (error) {
    throw error instanceof EncodingError ? corruptKeyFile(error.message) : error;
  }
  for (const { label } of blocks) {
    const name = FOREIGN_LABELS[label];
    if (name !== undefined) throw unsupportedKeyFormat(`it is ${name}`);
  }
  return {
    keys: blocks.filter(isPrivateKeyBlock).map((block) => readPemKey(block, passphrase)),
    certificates: blocks.filter(({ label }) => label === "CERTIFICATE").map(({ der }) => der),
  };
}

/** Tells the DER formats apart by their first two members. */
async function readDerFile(der: Uint8Array, passphrase: string | undefined): Promise<KeyFileContents> {
  const [first, second] = membersOf(der);
  const only = (key: KeyObject): KeyFileContents => ({ keys: [key], certificates: [] });
  if (first instanceof Integer) {
    const version = first.toBigInt();
    if (version === 3n) return readPkcs12(der, passphrase);
    if (version === 1n && second instanceof OctetString) return only(readPlainKey(der, "sec1"));
    if (second instanceof Integer) return only(readPlainKey(der, "pkcs1"));
    if (second instanceof Sequence) return only(readPlainKey(der, "pkcs8"));
  }
  if (first instanceof Sequence && second instanceof OctetString)
    return only(readEncryptedPkcs8(der, passphrase));
  // A certificate: three members, the second of which is an algorithm.
  if (first instanceof Sequence && second instanceof Sequence) return { keys: [], certificates: [der] };
  throw unsupportedKeyFormat("its structure is not that of a key file");
}

function membersOf(der: Uint8Array): AsnType[] {
  const { offset, result } = fromBER(der);
  if (offset === -1 || !(result instanceof Sequence)) throw corruptKeyFile("its DER is cut off or invalid");
  if (offset !== der.byteLength) throw corruptKeyFile("there are bytes after its end");
  return result.valueBlock.value;
}
