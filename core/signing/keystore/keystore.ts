import { createPublicKey, type KeyObject, sign } from "node:crypto";
import type { Name } from "@peculiar/asn1-x509";
import type { Clock } from "../../platform/clock.ts";
import type { Ids } from "../../platform/ids.ts";
import type { SecretBox } from "../../platform/secret-box.ts";
import type { Database } from "../../store/index.ts";
import { chainFor, parseCertificates, readCertificates } from "../certificate/chain.ts";
import { parseSubject } from "../certificate/subject.ts";
import { validityOf } from "../certificate/validity.ts";
import { generatePrivateKey, type KeyAlgorithm } from "../key-algorithm.ts";
import { requireExportPassphrase } from "../keyfile/passphrase.ts";
import type { Signer } from "../sign/signer.ts";
import { certificatePem, type ParsedCertificate } from "../x509/certificate.ts";
import { newKeyId } from "./key-id.ts";
import { certificateColumns, newSerial, ownIssuer, publicPem, subjectName } from "./key-material.ts";
import type { KeyRecord } from "./key-record.ts";
import { createKeyRepository } from "./key-repository.ts";
import { createKeyVault } from "./key-vault.ts";
import { certificateMissing, keyExists, keyInUse, keyNotFound, notAnAuthority } from "./keystore-errors.ts";
import { requireSigningChain } from "./signing-chain.ts";

export interface GenerateOptions {
  readonly algorithm: KeyAlgorithm;
  /** `CN=Acme Dev, O=Acme`. */
  readonly subject: string;
  readonly days?: number | undefined;
  /** Make a local authority, which issues certificates and signs nothing else. */
  readonly isCa?: boolean | undefined;
  /** The local authority that issues the certificate; absent: self-signed. */
  readonly issuerKeyId?: string | undefined;
}

export interface ImportOptions {
  readonly bytes: Uint8Array;
  readonly passphrase?: string | undefined;
  /** Makes a self-signed certificate when the file brings none. */
  readonly subject?: string | undefined;
  readonly days?: number | undefined;
}

export interface KeystoreOptions {
  readonly database: Database;
  readonly box: SecretBox;
  readonly clock: Clock;
  readonly ids: Ids;
}

// Loaded on first use: a command that only signs or lists should not wait for the libraries that these need.
const issuance = () => import("../certificate/issuance.ts");
const keyFileReader = () => import("../keyfile/key-file.ts");
const pkcs8Writer = () => import("../keyfile/encrypted-key.ts");
const pkcs12Writer = () => import("../keyfile/pkcs12-writer.ts");

interface NewKeyMaterial {
  readonly algorithm: KeyAlgorithm;
  readonly privateKey: KeyObject;
  readonly subject?: Name | undefined;
  readonly chain: readonly ParsedCertificate[];
  readonly issuerKeyId?: string | undefined;
}

interface IssueRequest extends Omit<NewKeyMaterial, "chain"> {
  readonly subject: Name;
  readonly days?: number | undefined;
  readonly isCa?: boolean | undefined;
}

/** Signing keys, sealed at rest. No method hands out a private key except under a passphrase. */
export interface Keystore {
  /** Makes a key with a certificate: self-signed, issued by a local authority, or an authority itself. */
  generate(options: GenerateOptions): Promise<KeyRecord>;
  /** Makes a key without a certificate and a PKCS #10 request (PEM) for one. */
  createRequest(options: {
    algorithm: KeyAlgorithm;
    subject: string;
  }): Promise<{ key: KeyRecord; csr: string }>;
  /** A PKCS #10 request for an existing key. */
  csr(id: string, subject?: string): Promise<string>;
  /** Adds the certificate (PEM, with its chain if there is one) that an authority issued for the key. */
  attachCertificate(id: string, pem: string): KeyRecord;
  /** Gives the key a self-signed certificate, in place of the one it has. */
  selfSign(id: string, options?: { subject?: string; days?: number }): Promise<KeyRecord>;
  /** Takes in a key from PEM, PKCS #8 or PKCS #12. */
  importFile(options: ImportOptions): Promise<KeyRecord>;
  /** The chain in PEM, the key's own certificate first. */
  exportCertificate(id: string): string;
  /** PKCS #8 encrypted under the passphrase, PEM. */
  exportPrivateKey(id: string, passphrase: string): Promise<string>;
  exportPkcs12(id: string, passphrase: string): Promise<Uint8Array>;
  list(): KeyRecord[];
  /** Throws `key_not_found`. */
  get(id: string): KeyRecord;
  /** Throws `key_in_use` for an authority whose certificates are still here. */
  delete(id: string): void;
  /** Throws `certificate_missing` or `key_unusable` when nobody would accept the signature. */
  signer(id: string): Signer;
}

export function createKeystore({ database, box, clock, ids }: KeystoreOptions): Keystore {
  const keys = createKeyRepository(database);
  const vault = createKeyVault(box);

  const get = (id: string): KeyRecord => {
    const record = keys.find(id);
    if (record === undefined) throw keyNotFound(id);
    return record;
  };
  const privateKeyOf = (id: string): KeyObject => {
    const sealed = keys.sealedPrivateKey(id);
    if (sealed === undefined) throw keyNotFound(id);
    return vault.open(id, sealed);
  };
  const chainOf = (id: string): ParsedCertificate[] => readCertificates(get(id).certificate_chain_pem);

  const store = (key: NewKeyMaterial): KeyRecord => {
    const publicKey = publicPem(key.privateKey);
    const twin = keys.findByPublicKey(publicKey);
    if (twin !== undefined) throw keyExists(twin.id);
    const columns = certificateColumns(key);
    const id = newKeyId(columns.subject, ids);
    keys.insert({
      ...columns,
      id,
      algorithm: key.algorithm,
      public_key: publicKey,
      private_key_sealed: vault.seal(id, key.privateKey),
      created_at: clock.now().toISOString(),
    });
    return get(id);
  };

  const issue = async (request: IssueRequest): Promise<{ chain: ParsedCertificate[] }> => {
    const { algorithm, privateKey, subject, days, isCa = false, issuerKeyId } = request;
    const issuerChain = issuerKeyId === undefined ? [] : authorityChain(issuerKeyId, isCa);
    const [issuer] = issuerChain;
    const signingKey =
      issuerKeyId === undefined
        ? { algorithm, privateKey }
        : { algorithm: get(issuerKeyId).algorithm, privateKey: privateKeyOf(issuerKeyId) };
    const { issueCertificate } = await issuance();
    const certificate = await issueCertificate({
      subject,
      publicKey: createPublicKey(privateKey),
      publicKeyAlgorithm: algorithm,
      isCa,
      ...validityOf({ now: clock.now(), days, isCa, issuer }),
      serial: newSerial(ids),
      signingKey,
      ...(issuer === undefined ? {} : { issuer }),
    });
    return { chain: [certificate, ...issuerChain] };
  };

  const authorityChain = (id: string, isCa: boolean): ParsedCertificate[] => {
    if (!get(id).is_ca) throw notAnAuthority(`The key ${id} is not a certificate authority.`);
    if (isCa) throw notAnAuthority("A local authority issues signing certificates, not further authorities.");
    return chainOf(id);
  };

  const subjectOf = (id: string, subject: string | undefined): Name => {
    const [leaf] = chainOf(id);
    if (subject === undefined && leaf) return subjectName(leaf);
    return parseSubject(subject ?? get(id).subject);
  };

  return {
    async generate({ algorithm, subject, days, isCa, issuerKeyId }) {
      const name = parseSubject(subject);
      const privateKey = await generatePrivateKey(algorithm);
      const { chain } = await issue({ algorithm, privateKey, subject: name, days, isCa, issuerKeyId });
      return store({ algorithm, privateKey, subject: name, chain, issuerKeyId });
    },
    async createRequest({ algorithm, subject }) {
      const name = parseSubject(subject);
      const privateKey = await generatePrivateKey(algorithm);
      const { createRequest } = await issuance();
      const csr = await createRequest(name, { algorithm, privateKey });
      return { key: store({ algorithm, privateKey, subject: name, chain: [] }), csr };
    },
    async csr(id, subject) {
      const key = { algorithm: get(id).algorithm, privateKey: privateKeyOf(id) };
      const { createRequest } = await issuance();
      return createRequest(subjectOf(id, subject), key);
    },
    attachCertificate(id, pem) {
      const certificates = readCertificates(pem);
      const chain = chainFor(createPublicKey(get(id).public_key_pem), certificates);
      keys.setCertificate(id, certificateColumns({ chain, issuerKeyId: ownIssuer(keys.list(), chain) }));
      return get(id);
    },
    async selfSign(id, { subject, days } = {}) {
      const { algorithm } = get(id);
      const privateKey = privateKeyOf(id);
      const { chain } = await issue({ algorithm, privateKey, subject: subjectOf(id, subject), days });
      keys.setCertificate(id, certificateColumns({ chain }));
      return get(id);
    },
    async importFile({ bytes, passphrase, subject, days }) {
      const { readKeyFile } = await keyFileReader();
      const file = await readKeyFile(bytes, passphrase);
      const certificates = parseCertificates(() => file.certificates);
      const name = subject === undefined ? undefined : parseSubject(subject);
      let chain = certificates.length > 0 ? chainFor(createPublicKey(file.privateKey), certificates) : [];
      if (chain.length === 0 && name) ({ chain } = await issue({ ...file, subject: name, days }));
      return store({ ...file, subject: name, chain, issuerKeyId: ownIssuer(keys.list(), chain) });
    },
    exportCertificate(id) {
      const pem = get(id).certificate_chain_pem;
      if (pem === "") throw certificateMissing(id);
      return pem;
    },
    async exportPrivateKey(id, passphrase) {
      requireExportPassphrase(passphrase);
      const privateKey = privateKeyOf(id);
      const { encryptedPrivateKeyPem } = await pkcs8Writer();
      return encryptedPrivateKeyPem(privateKey, passphrase);
    },
    async exportPkcs12(id, passphrase) {
      requireExportPassphrase(passphrase);
      const chain = chainOf(id);
      if (chain.length === 0) throw certificateMissing(id);
      const { writePkcs12 } = await pkcs12Writer();
      return writePkcs12(privateKeyOf(id), chain, passphrase);
    },
    list: () => keys.list(),
    get,
    delete(id) {
      get(id);
      const issued = keys.issuedBy(id);
      if (issued.length > 0) throw keyInUse(id, issued);
      keys.remove(id);
    },
    signer(id) {
      const { algorithm } = get(id);
      const chain = chainOf(id);
      requireSigningChain(id, chain, clock.now());
      const privateKey = privateKeyOf(id);
      return {
        keyId: id,
        algorithm,
        chain: chain.map(certificatePem),
        sign: async (bytes) => sign(algorithm === "ed25519" ? null : "sha256", bytes, privateKey),
      };
    },
  };
}
