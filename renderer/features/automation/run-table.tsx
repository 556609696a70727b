import { Table } from "@mantine/core";
import type { ScheduleRun } from "../../../core/contract/schedule.ts";
import { formatMoment } from "../../ui/format.ts";
import { ExecutionLink } from "./execution-link.tsx";
import { RunTag } from "./run-tag.tsx";

const TRIGGERS: Record<ScheduleRun["trigger"], string> = {
  cron: "on time",
  missed: "afterwards",
  manual: "by hand",
};

/** Runs of a schedule, newest first, those that were left out among them. */
export function RunTable({ runs }: { readonly runs: readonly ScheduleRun[] }) {
  return (
    <Table.ScrollContainer minWidth={520} type="native">
      <Table aria-label="Runs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Due</Table.Th>
            <Table.Th>Trigger</Table.Th>
            <Table.Th>Outcome</Table.Th>
            <Table.Th>Why</Table.Th>
            <Table.Th>Execution</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {runs.map((run) => (
            <Table.Tr key={run.id}>
              <Table.Td className="no-wrap">
                <time dateTime={run.due_at} title={run.due_at}>
                  {formatMoment(run.due_at)}
                </time>
              </Table.Td>
              <Table.Td className="no-wrap">{TRIGGERS[run.trigger]}</Table.Td>
              <Table.Td className="no-wrap">
                <RunTag outcome={run.outcome} />
              </Table.Td>
              <Table.Td>{run.error ?? (run.status === undefined ? "" : `answered ${run.status}`)}</Table.Td>
              <Table.Td>
                <ExecutionLink id={run.execution_id} of={`of ${formatMoment(run.due_at)}`} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
