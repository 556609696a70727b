import { createHmac, hash, timingSafeEqual } from "node:crypto";
import type { MacData } from "@peculiar/asn1-pfx";
import { OID } from "../x509/oids.ts";

/** Purpose byte of an integrity key (RFC 7292, B.3). */
const MAC_PURPOSE = 3;

/** A digest and the size of its blocks. */
interface MacDigest {
  readonly name: string;
  readonly blockBytes: number;
}

const SHA256: MacDigest = { name: "sha256", blockBytes: 64 };
const DIGESTS: ReadonlyMap<string, MacDigest> = new Map([
  ["1.3.14.3.2.26", { name: "sha1", blockBytes: 64 }],
  ["2.16.840.1.101.3.4.2.4", { name: "sha224", blockBytes: 64 }],
  [OID.sha256, SHA256],
  [OID.sha384, { name: "sha384", blockBytes: 128 }],
  [OID.sha512, { name: "sha512", blockBytes: 128 }],
]);

interface MacInput {
  readonly salt: Uint8Array;
  readonly iterations: number;
  readonly passphrase: string;
}

/** The SHA-256 MAC of a PKCS #12 file over its safe's bytes. */
export function pkcs12Mac(safe: Uint8Array, input: MacInput): Buffer {
  return macWith(SHA256, safe, input);
}

/** Whether the file's MAC was made with the passphrase; `undefined` for a digest that is not known. */
export function isPkcs12MacValid(
  macData: MacData,
  safe: Uint8Array,
  passphrase: string,
): boolean | undefined {
  const digest = DIGESTS.get(macData.mac.digestAlgorithm.algorithm);
  if (digest === undefined) return undefined;
  const expected = Buffer.from(macData.mac.digest.buffer);
  const salt = new Uint8Array(macData.macSalt.buffer);
  const actual = macWith(digest, safe, { salt, iterations: macData.iterations, passphrase });
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

function macWith(digest: MacDigest, safe: Uint8Array, input: MacInput): Buffer {
  return createHmac(digest.name, macKey(digest, input)).update(safe).digest();
}

/** RFC 7292, B.2, for a key as long as the digest: then one round of it is all there is. */
function macKey({ name, blockBytes }: MacDigest, { salt, iterations, passphrase }: MacInput): Buffer {
  const purpose = Buffer.alloc(blockBytes, MAC_PURPOSE);
  let key: Buffer = Buffer.concat([
    purpose,
    repeated(salt, blockBytes),
    repeated(bmp(passphrase), blockBytes),
  ]);
  for (let round = 0; round < iterations; round += 1) key = hash(name, key, "buffer");
  return key;
}

/** UTF-16 big endian with its terminator. */
function bmp(passphrase: string): Buffer {
  return Buffer.from(`${passphrase}\0`, "utf16le").swap16();
}

/** Repeated to the next multiple of the block. */
function repeated(bytes: Uint8Array, blockBytes: number): Buffer {
  const length = blockBytes * Math.ceil(bytes.length / blockBytes);
  return bytes.length === 0 ? Buffer.alloc(0) : Buffer.alloc(length, bytes);
}
