import { z } from "zod";
import { type Revocation, revocationSchema } from "../../contract/trust.ts";
import type { Database } from "../../store/index.ts";

/** A row of the workbench's own trust list. */
export interface TrustRow {
  readonly id: string;
  readonly kind: "certificate" | "public_key";
  readonly pem: string;
  readonly fingerprint_sha256: string;
  readonly subject: string | null;
  readonly tenants: readonly string[] | null;
  readonly note: string | null;
  readonly created_at: string;
}

export interface TrustRepository {
  find(kind: TrustRow["kind"], fingerprint: string): TrustRow | undefined;
  list(): TrustRow[];
  put(row: TrustRow): void;
  /** False when there was none. */
  remove(id: string): boolean;
  revocations(): Revocation[];
  putRevocation(revocation: Revocation): void;
}

type RawRow = Omit<TrustRow, "tenants"> & { tenants: string | null };

const tenantsSchema = z.array(z.string());

/** SQL of `trust_entry` and `trust_revocation`. */
export function createTrustRepository(database: Database): TrustRepository {
  const columns = "id, kind, pem, fingerprint_sha256, subject, tenants, note, created_at";
  const find = database.prepare<[string, string], RawRow>(
    `SELECT ${columns} FROM trust_entry WHERE kind = ? AND fingerprint_sha256 = ?`,
  );
  const all = database.prepare<[], RawRow>(`SELECT ${columns} FROM trust_entry ORDER BY created_at, id`);
  const put = database.prepare(
    `INSERT INTO trust_entry (${columns})
     VALUES (@id, @kind, @pem, @fingerprint_sha256, @subject, @tenants, @note, @created_at)
     ON CONFLICT (id) DO UPDATE SET tenants = excluded.tenants, note = excluded.note`,
  );
  const remove = database.prepare("DELETE FROM trust_entry WHERE id = ?");
  const revocations = database.prepare(
    `SELECT revoked_by AS "by", value, revoked_at, reason FROM trust_revocation ORDER BY revoked_at, value`,
  );
  const putRevocation = database.prepare(
    `INSERT INTO trust_revocation (revoked_by, value, revoked_at, reason) VALUES (@by, @value, @revoked_at, @reason)
     ON CONFLICT (revoked_by, value) DO UPDATE SET revoked_at = excluded.revoked_at, reason = excluded.reason`,
  );
  return {
    find(kind, fingerprint) {
      const row = find.get(kind, fingerprint);
      return row ? fromRaw(row) : undefined;
    },
    list: () => all.all().map(fromRaw),
    put: (row) =>
      void put.run({ ...row, tenants: row.tenants === null ? null : JSON.stringify(row.tenants) }),
    remove: (id) => remove.run(id).changes > 0,
    revocations: () => revocations.all().map(readRevocationRow),
    putRevocation: (revocation) => void putRevocation.run({ reason: null, ...revocation }),
  };
}

function fromRaw(row: RawRow): TrustRow {
  return { ...row, tenants: row.tenants === null ? null : tenantsSchema.parse(JSON.parse(row.tenants)) };
}

const revocationRow = revocationSchema.extend({ reason: z.string().nullable() });

function readRevocationRow(row: unknown): Revocation {
  const { reason, ...revocation } = revocationRow.parse(row);
  return { ...revocation, ...(reason === null ? {} : { reason }) };
}
