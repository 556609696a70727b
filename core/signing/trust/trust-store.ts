import type { Revocation, TrustAnchor, TrustSnapshot } from "../../contract/trust.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Ids } from "../../platform/ids.ts";
import type { Database } from "../../store/index.ts";
import { TrustError } from "../errors.ts";
import { type RevokeOptions, readRevocation } from "./revocation-id.ts";
import { readTrustFile, type TrustItem } from "./trust-file.ts";
import { createTrustRepository, type TrustRow } from "./trust-repository.ts";

export interface TrustStoreOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  /** PEM text of SIGNING_TRUST_BUNDLE. */
  readonly environmentBundlePem?: string | undefined;
}

export interface AddTrustOptions {
  /** Certificates and public keys, any number. */
  readonly pem: string;
  /** Tenants for which they count; `null` or absent: all. */
  readonly tenants?: readonly string[] | null | undefined;
  readonly note?: string | undefined;
}

/** A trust entry as it is listed. */
export interface TrustEntry extends TrustItem {
  readonly id: string;
  readonly source: "own" | "environment";
  readonly tenants: readonly string[] | null;
  readonly note: string | null;
  readonly created_at: string | null;
}

export interface TrustStore {
  /**
   * Adds what a PEM text holds. What is there already is not added twice: its scope is widened to the tenants named,
   * and its note replaced when one is given. Throws `TrustError`.
   */
  add(options: AddTrustOptions): TrustEntry[];
  /** Removes an entry of the workbench's own list. Throws `trust_entry_not_found`. */
  remove(id: string): void;
  /** Revokes a certificate or key; again with another date or reason replaces the first. */
  revoke(options: RevokeOptions): Revocation;
  /** The own entries, then those of the environment. */
  list(): TrustEntry[];
  revocations(): Revocation[];
  /** Every entry as PEM, which any tool takes as a trust bundle; scopes, notes and revocations are not in it. */
  exportPem(): string;
  /** Trust as data, for the verifier and the runner. */
  snapshot(): TrustSnapshot;
}

const MAX_NOTE_CHARACTERS = 500;

/** Throws `bad_trust_bundle` when the environment's bundle cannot be read: to start without it would trust less. */
export function createTrustStore({
  database,
  clock,
  ids,
  environmentBundlePem,
}: TrustStoreOptions): TrustStore {
  const entries = createTrustRepository(database);
  const environment = environmentBundlePem === undefined ? [] : readEnvironment(environmentBundlePem);

  const addItem = (item: TrustItem, { tenants, note }: AddTrustOptions): TrustEntry => {
    const known = entries.find(item.kind, item.fingerprint_sha256);
    const row: TrustRow = {
      id: known?.id ?? ids.uuid(),
      kind: item.kind,
      pem: item.pem,
      fingerprint_sha256: item.fingerprint_sha256,
      subject: item.subject,
      tenants: known ? union(known.tenants, tenants ?? null) : (tenants ?? null),
      note: note === undefined ? (known?.note ?? null) : note.slice(0, MAX_NOTE_CHARACTERS),
      created_at: known?.created_at ?? clock.now().toISOString(),
    };
    entries.put(row);
    return ownEntry(row);
  };
  const list = (): TrustEntry[] => [...entries.list().map(ownEntry), ...environment];

  // Not by way of list(): every verification asks, and the entries were read when they came in.
  const listAnchors = (): TrustAnchor[] => [
    ...entries.list().map((row) => anchorOf({ ...row, source: "own" })),
    ...environment.map(anchorOf),
  ];

  return {
    add(options) {
      const items = readTrustFile(options.pem);
      return database.transaction(() => items.map((item) => addItem(item, options))).immediate();
    },
    remove(id) {
      if (environment.some((entry) => entry.id === id)) throw fromEnvironment();
      if (!entries.remove(id)) throw entryNotFound();
    },
    revoke(options) {
      const revocation = readRevocation(options, clock.now());
      entries.putRevocation(revocation);
      return revocation;
    },
    list,
    revocations: () => entries.revocations(),
    exportPem: () =>
      list()
        .map(({ pem }) => pem)
        .join(""),
    snapshot: () => ({ anchors: listAnchors(), revocations: entries.revocations() }),
  };
}

/** Trust in exactly what a PEM text holds, for one verification (`verify --trust FILE`). Throws `TrustError`. */
export function trustSnapshotFromPem(pem: string): TrustSnapshot {
  const anchors = readTrustFile(pem).map(
    (item): TrustAnchor => ({
      id: shortId("file", item),
      kind: item.kind,
      pem: item.pem,
      source: "file",
      tenants: null,
    }),
  );
  return { anchors, revocations: [] };
}

function readEnvironment(pem: string): TrustEntry[] {
  try {
    return readTrustFile(pem).map((item) => ({
      ...item,
      id: shortId("environment", item),
      source: "environment",
      tenants: null,
      note: "from SIGNING_TRUST_BUNDLE",
      created_at: null,
    }));
  } catch (error) {
    if (!(error instanceof TrustError)) throw error;
    throw new TrustError({
      code: "bad_trust_bundle",
      kind: "environment",
      message: `SIGNING_TRUST_BUNDLE cannot be used. ${error.message}`,
      details: { variable: "SIGNING_TRUST_BUNDLE", expected: "PEM text, or the path of a PEM file" },
      hint: "Correct the bundle or unset SIGNING_TRUST_BUNDLE.",
      cause: error,
    });
  }
}

function ownEntry(row: TrustRow): TrustEntry {
  const [item] = readTrustFile(row.pem);
  return {
    ...row,
    not_before: item?.not_before ?? null,
    not_after: item?.not_after ?? null,
    source: "own",
  };
}

type AnchorSource = Pick<TrustEntry, "id" | "kind" | "pem" | "source" | "tenants" | "note">;

function anchorOf({ id, kind, pem, source, tenants, note }: AnchorSource): TrustAnchor {
  return {
    id,
    kind,
    pem,
    source,
    tenants: tenants === null ? null : [...tenants],
    ...(note ? { note } : {}),
  };
}

function shortId(prefix: string, { fingerprint_sha256 }: TrustItem): string {
  return `${prefix}-${fingerprint_sha256.slice(0, 16)}`;
}

/** `null`, all tenants, swallows everything. */
function union(one: readonly string[] | null, other: readonly string[] | null): readonly string[] | null {
  return one === null || other === null ? null : [...new Set([...one, ...other])];
}

function entryNotFound(): TrustError {
  return new TrustError({
    code: "trust_entry_not_found",
    message: "There is no trust entry with this id.",
    hint: "List them with workbench trust list.",
  });
}

function fromEnvironment(): TrustError {
  return new TrustError({
    code: "trust_entry_not_found",
    message: "This trust entry is not in the workbench's own list: it comes from SIGNING_TRUST_BUNDLE.",
    hint: "Take it out of that bundle.",
  });
}
