import { Table } from "@mantine/core";
import type { VerificationReport } from "../../../core/contract/verification.ts";
import { mendingOf } from "../../state/keys/mending.ts";
import { Prose } from "../../ui/prose.tsx";
import { Tag } from "../../ui/tag.tsx";
import "./verification-report.css";

const STATUS = {
  pass: { tone: "ok", words: "✓ pass" },
  fail: { tone: "bad", words: "✕ fail" },
  skipped: { tone: "plain", words: "– skipped" },
} as const;

/** Every check in its order, with what was expected and what was found; beside the first failure, how to mend it. */
export function ReportTable({ report }: { readonly report: VerificationReport }) {
  const firstFailure = report.checks.find(
    (check) => check.status === "fail" && (check.name !== "archive" || report.code === "archive_invalid"),
  );
  return (
    <Table.ScrollContainer minWidth={600} type="native">
      <Table className="report" aria-label="Verification report">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Check</Table.Th>
            <Table.Th>Status</Table.Th>
            <Table.Th w="36%">Expected</Table.Th>
            <Table.Th>Actual</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {report.checks.map((check) => (
            <Table.Tr key={check.name} data-failed={check.status === "fail"}>
              <Table.Th scope="row" className="no-wrap">
                {check.name}
              </Table.Th>
              <Table.Td className="no-wrap">
                <Tag tone={STATUS[check.status].tone}>{STATUS[check.status].words}</Tag>
              </Table.Td>
              <Table.Td>{check.expected ?? ""}</Table.Td>
              <Table.Td>
                {check.actual ?? ""}
                {check.detail && <span className="dim report-detail"> {check.detail}</span>}
                {check === firstFailure && report.code && (
                  <span className="report-mending">
                    <Prose text={mendingOf(report.code)} />
                  </span>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

export function VerdictTag({ report }: { readonly report: VerificationReport }) {
  return report.verified ? <Tag tone="ok">✓ verified</Tag> : <Tag tone="bad">✕ refused: {report.code}</Tag>;
}
