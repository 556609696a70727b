import { Table } from "@mantine/core";
import type { SigningKey } from "../../../core/contract/rpc/keys.ts";
import { expiryOf, shortFingerprint } from "../../state/keys/expiry.ts";
import { Tag } from "../../ui/tag.tsx";

export interface KeyTableProps {
  readonly keys: readonly SigningKey[];
  readonly selectedId: string | undefined;
  readonly now: number;
  onSelect(id: string): void;
}

export function KeyTable({ keys, selectedId, now, onSelect }: KeyTableProps) {
  return (
    <Table.ScrollContainer minWidth={540} type="native">
      <Table highlightOnHover aria-label="Signing keys">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>Algorithm</Table.Th>
            <Table.Th>Subject</Table.Th>
            <Table.Th>SHA-256</Table.Th>
            <Table.Th>Expires</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keys.map((key) => {
            const expiry = expiryOf(key, now);
            return (
              <Table.Tr
                key={key.id}
                aria-selected={key.id === selectedId}
                className="list-row"
                onClick={() => onSelect(key.id)}
              >
                <Table.Td>
                  <button type="button" className="row-name" onClick={() => onSelect(key.id)}>
                    {key.id}
                  </button>
                  <span className="tags">
                    <KeyTags signingKey={key} />
                  </span>
                </Table.Td>
                <Table.Td className="no-wrap">{ALGORITHM_WORDS[key.algorithm]}</Table.Td>
                <Table.Td>{key.subject || <span className="dim">none</span>}</Table.Td>
                <Table.Td className="mono no-wrap" title={key.fingerprint_sha256 ?? undefined}>
                  {key.fingerprint_sha256 ? shortFingerprint(key.fingerprint_sha256) : "–"}
                </Table.Td>
                <Table.Td className="no-wrap">
                  {expiry.tone === "plain" ? (
                    expiry.words
                  ) : (
                    <Tag tone={expiry.tone}>
                      {expiry.tone === "bad" ? "✕" : "!"} {expiry.words}
                    </Tag>
                  )}
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

export const ALGORITHM_WORDS: Record<SigningKey["algorithm"], string> = {
  "rsa-3072": "RSA-3072",
  "rsa-4096": "RSA-4096",
  "ecdsa-p256": "ECDSA P-256",
  "ecdsa-p384": "ECDSA P-384",
  ed25519: "Ed25519",
};

/** Worst news first. */
export function KeyTags({ signingKey: key }: { readonly signingKey: SigningKey }) {
  return (
    <>
      {key.revoked && <Tag tone="bad">✕ revoked</Tag>}
      {key.is_active && <Tag tone="ok">✓ active</Tag>}
      {key.kind === "authority" && <Tag tone="host">authority</Tag>}
      {key.kind === "awaits_certificate" && <Tag tone="warn">! awaits certificate</Tag>}
      {key.is_development && <Tag tone="plain">development</Tag>}
      {key.kind === "signing" && key.trust_ids.length > 0 && <Tag tone="plain">trusted here</Tag>}
    </>
  );
}
