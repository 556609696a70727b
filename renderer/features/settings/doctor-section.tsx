import { Table } from "@mantine/core";
import { useEffect, useState } from "react";
import type { DoctorCheck } from "../../../core/contract/rpc/settings.ts";
import { createResource } from "../../state/resource.ts";
import { Button } from "../../ui/button.tsx";
import { Command } from "../../ui/command.tsx";
import { FailureNotice } from "../../ui/notice.tsx";
import { Tag, type Tone } from "../../ui/tag.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";

const STATUS: Record<DoctorCheck["status"], { readonly tone: Tone; readonly word: string }> = {
  pass: { tone: "ok", word: "✓ pass" },
  warn: { tone: "warn", word: "! warn" },
  fail: { tone: "bad", word: "✕ fail" },
};

/** What this machine gives the workbench, and how to mend what is missing. */
export function DoctorSection({ context: { client } }: { readonly context: WindowContext }) {
  const [doctor] = useState(() =>
    createResource(async (signal) => (await client.call("settings.doctor", {}, signal)).checks),
  );
  const { data, loading, failure } = useStore(doctor);
  useEffect(() => void doctor.reload(), [doctor]);
  return (
    <>
      {failure && <FailureNotice failure={failure} />}
      {data && (
        <Table className="settings-table" aria-label="Checks of this machine">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Check</Table.Th>
              <Table.Th>Status</Table.Th>
              <Table.Th>Found</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.map(({ name, status, detail, fix }) => (
              <Table.Tr key={name}>
                <Table.Td>{name}</Table.Td>
                <Table.Td>
                  <Tag tone={STATUS[status].tone}>{STATUS[status].word}</Tag>
                </Table.Td>
                <Table.Td>
                  {detail}
                  {fix && <p className="dim">{fix}</p>}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <div className="row-actions">
        <Button onClick={() => void doctor.reload()} aria-busy={loading} disabled={loading}>
          {loading ? "Checking…" : "Check again"}
        </Button>
        <Command text="workbench doctor" what="the command that checks this machine" />
      </div>
    </>
  );
}
