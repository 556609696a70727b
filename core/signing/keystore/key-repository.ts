import type { Database } from "../../store/index.ts";
import { readCertificates } from "../certificate/chain.ts";
import { keyAlgorithmSchema } from "../key-algorithm.ts";
import type { KeyRecord } from "./key-record.ts";

interface KeyRow {
  id: string;
  algorithm: string;
  subject: string;
  is_ca: number;
  issuer_key_id: string | null;
  certificate_chain: string;
  public_key: string;
  created_at: string;
}

/** The certificate part of a row. */
export interface CertificateColumns {
  readonly subject: string;
  readonly fingerprint_sha256: string | null;
  readonly not_after: string | null;
  readonly is_ca: boolean;
  readonly issuer_key_id: string | null;
  readonly certificate_chain: string;
}

interface NewKey extends CertificateColumns {
  readonly id: string;
  readonly algorithm: string;
  readonly public_key: string;
  readonly private_key_sealed: Uint8Array;
  readonly created_at: string;
}

export interface KeyRepository {
  insert(key: NewKey): void;
  setCertificate(id: string, columns: CertificateColumns): void;
  find(id: string): KeyRecord | undefined;
  findByPublicKey(publicKeyPem: string): KeyRecord | undefined;
  list(): KeyRecord[];
  sealedPrivateKey(id: string): Uint8Array | undefined;
  /** Ids of the keys whose certificates this authority issued. */
  issuedBy(id: string): string[];
  remove(id: string): void;
}

const COLUMNS = "id, algorithm, subject, is_ca, issuer_key_id, certificate_chain, public_key, created_at";

/** SQL of `signing_key`. Only `sealedPrivateKey` touches the private column. */
export function createKeyRepository(database: Database): KeyRepository {
  const insert = database.prepare(
    `INSERT INTO signing_key (id, algorithm, subject, fingerprint_sha256, not_after, is_ca, issuer_key_id,
       certificate_chain, public_key, private_key_sealed, created_at)
     VALUES (@id, @algorithm, @subject, @fingerprint_sha256, @not_after, @is_ca, @issuer_key_id,
       @certificate_chain, @public_key, @private_key_sealed, @created_at)`,
  );
  const update = database.prepare(
    `UPDATE signing_key SET subject = @subject, fingerprint_sha256 = @fingerprint_sha256, not_after = @not_after,
       is_ca = @is_ca, issuer_key_id = @issuer_key_id, certificate_chain = @certificate_chain WHERE id = @id`,
  );
  const byId = database.prepare<[string], KeyRow>(`SELECT ${COLUMNS} FROM signing_key WHERE id = ?`);
  const byPublicKey = database.prepare<[string], KeyRow>(
    `SELECT ${COLUMNS} FROM signing_key WHERE public_key = ?`,
  );
  const all = database.prepare<[], KeyRow>(`SELECT ${COLUMNS} FROM signing_key ORDER BY created_at, id`);
  const sealed = database.prepare<[string], { private_key_sealed: Buffer }>(
    "SELECT private_key_sealed FROM signing_key WHERE id = ?",
  );
  const issued = database.prepare<[string], { id: string }>(
    "SELECT id FROM signing_key WHERE issuer_key_id = ? ORDER BY id",
  );
  const remove = database.prepare("DELETE FROM signing_key WHERE id = ?");
  const toRecord = (row: KeyRow | undefined): KeyRecord | undefined => (row ? recordOf(row) : undefined);
  return {
    insert: (key) => void insert.run({ ...key, is_ca: Number(key.is_ca) }),
    setCertificate: (id, columns) => void update.run({ ...columns, id, is_ca: Number(columns.is_ca) }),
    find: (id) => toRecord(byId.get(id)),
    findByPublicKey: (pem) => toRecord(byPublicKey.get(pem)),
    list: () => all.all().map(recordOf),
    sealedPrivateKey: (id) => sealed.get(id)?.private_key_sealed,
    issuedBy: (id) => issued.all(id).map((row) => row.id),
    remove: (id) => void remove.run(id),
  };
}

function recordOf(row: KeyRow): KeyRecord {
  const [leaf] = readCertificates(row.certificate_chain);
  return {
    id: row.id,
    algorithm: keyAlgorithmSchema.parse(row.algorithm),
    subject: row.subject,
    fingerprint_sha256: leaf?.fingerprint ?? null,
    not_before: leaf?.notBefore.toISOString() ?? null,
    not_after: leaf?.notAfter.toISOString() ?? null,
    is_ca: row.is_ca === 1,
    issuer_key_id: row.issuer_key_id,
    has_certificate: leaf !== undefined,
    certificate_chain_pem: row.certificate_chain,
    public_key_pem: row.public_key,
    created_at: row.created_at,
  };
}
