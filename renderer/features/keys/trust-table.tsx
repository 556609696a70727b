import { Table } from "@mantine/core";
import type { TrustListEntry } from "../../../core/contract/rpc/keys.ts";
import type { HostState } from "../../../core/contract/rpc.ts";
import type { Revocation } from "../../../core/contract/trust.ts";
import { formatDate, shortFingerprint } from "../../state/keys/expiry.ts";
import { Tag } from "../../ui/tag.tsx";

type Tenants = HostState["tenants"];

export interface TrustTableProps {
  readonly entries: readonly TrustListEntry[];
  readonly tenants: Tenants | undefined;
  readonly selectedId: string | undefined;
  onSelect(id: string): void;
}

export function TrustTable({ entries, tenants, selectedId, onSelect }: TrustTableProps) {
  return (
    <Table.ScrollContainer minWidth={600} type="native">
      <Table highlightOnHover aria-label="Trust list">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Whom</Table.Th>
            <Table.Th>Scope</Table.Th>
            <Table.Th>Source</Table.Th>
            <Table.Th>SHA-256</Table.Th>
            <Table.Th>Until</Table.Th>
            <Table.Th>Note</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map((entry) => (
            <Table.Tr
              key={entry.id}
              aria-selected={entry.id === selectedId}
              className="list-row"
              onClick={() => onSelect(entry.id)}
            >
              <Table.Td>
                <button type="button" className="row-name" onClick={() => onSelect(entry.id)}>
                  {entry.subject ?? "public key"}
                </button>
              </Table.Td>
              <Table.Td>{scopeWords(entry.tenants, tenants)}</Table.Td>
              <Table.Td>{entry.source === "own" ? "workbench" : <Tag tone="host">environment</Tag>}</Table.Td>
              <Table.Td className="mono no-wrap" title={entry.fingerprint_sha256}>
                {shortFingerprint(entry.fingerprint_sha256)}
              </Table.Td>
              <Table.Td className="no-wrap">{entry.not_after ? formatDate(entry.not_after) : "–"}</Table.Td>
              <Table.Td>{entry.note ?? ""}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

export function RevocationTable({ revocations }: { readonly revocations: readonly Revocation[] }) {
  return (
    <Table.ScrollContainer minWidth={480} type="native">
      <Table aria-label="Revocations">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>By</Table.Th>
            <Table.Th>Value</Table.Th>
            <Table.Th>Since</Table.Th>
            <Table.Th>Reason</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {revocations.map(({ by, value, revoked_at, reason }) => (
            <Table.Tr key={`${by} ${value}`}>
              <Table.Td>{by}</Table.Td>
              <Table.Td className="mono" title={value}>
                {by === "fingerprint" ? shortFingerprint(value) : value}
              </Table.Td>
              <Table.Td className="no-wrap">{formatDate(revoked_at)}</Table.Td>
              <Table.Td>{reason ?? ""}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** For whom an entry counts. */
export function scopeWords(scope: readonly string[] | null, tenants: Tenants | undefined): string {
  if (scope === null) return "all tenants";
  const names = scope.map((id) => tenants?.find((tenant) => tenant.id === id)?.name ?? id);
  return `${names.join(", ")} only`;
}
