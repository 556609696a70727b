import { NativeSelect } from "@mantine/core";
import { useEffect, useMemo, useState } from "react";
import { type LimitUnit, limitDefinition } from "../../../core/contract/limit-catalogue.ts";
import { limitWords } from "../../../core/contract/limit-units.ts";
import type { ExecutionHeadroom } from "../../../core/contract/rpc/quotas.ts";
import type { RpcClient } from "../../client.ts";
import { commandLine } from "../../state/command-line.ts";
import { chartFigure } from "../../state/quotas/charts.ts";
import { createResource } from "../../state/resource.ts";
import { Command } from "../../ui/command.tsx";
import { formatTime } from "../../ui/format.ts";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import { ScrollRegion } from "../../ui/scroll-region.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";
import { CallExample } from "../extensions/call-example.tsx";

const EXECUTIONS = 20;

export interface HeadroomViewProps {
  readonly context: WindowContext;
  readonly installId: string;
  /** Another value: there may be newer executions. */
  readonly stamp: unknown;
}

/** How far one execution was from every limit, under each profile. */
export function HeadroomView({ context, installId, stamp }: HeadroomViewProps) {
  const { client } = context;
  const [chosen, setChosen] = useState<string>();
  const list = useMemo(
    () =>
      createResource(
        async (signal) =>
          (await client.call("executions.list", { extension: installId, limit: EXECUTIONS }, signal)).items,
      ),
    [client, installId],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stamp says that there may be more
  useEffect(() => void list.reload(), [list, stamp]);
  const { data: executions, failure } = useStore(list);
  const selected = executions?.find(({ id }) => id === chosen) ?? executions?.[0];
  if (failure && executions === undefined) return <FailureNotice failure={failure} />;
  if (executions === undefined) return <Notice title="Reading the executions…" />;
  if (selected === undefined) {
    return (
      <Notice title="No execution of it is recorded yet.">
        <p>Call it, and see here how far it was from its limits.</p>
        <CallExample context={context} isMeant={({ install_id }) => install_id === installId} />
      </Notice>
    );
  }
  return (
    <>
      <NativeSelect
        label="Execution"
        data={executions.map(({ id, started_at, method, path, status, outcome }) => ({
          value: id,
          label: `${formatTime(started_at)} ${method} ${path} ${status ?? outcome}`,
        }))}
        value={selected.id}
        onChange={({ currentTarget }) => setChosen(currentTarget.value)}
      />
      <Headroom key={`${selected.id} ${selected.outcome}`} client={client} executionId={selected.id} />
      <Command
        text={commandLine(["workbench", "executions", "show", selected.id, "--headroom"])}
        what="the command that shows the same"
      />
    </>
  );
}

function Headroom({ client, executionId }: { readonly client: RpcClient; readonly executionId: string }) {
  const [report] = useState(() =>
    createResource((signal) => client.call("quotas.headroom", { execution_id: executionId }, signal)),
  );
  useEffect(() => void report.reload(), [report]);
  const { data, failure } = useStore(report);
  if (failure) return <FailureNotice failure={failure} />;
  return data ? <HeadroomTable profiles={data.profiles} /> : <Notice title="Comparing with the limits…" />;
}

type Profiles = ExecutionHeadroom["profiles"];

function HeadroomTable({ profiles }: { readonly profiles: Profiles }) {
  const names = [...new Set(profiles.flatMap(({ rows }) => rows.map(({ name }) => name)))];
  const titleOf = ({ profile }: Profiles[number]) => profile ?? "in force";
  return (
    <>
      <ScrollRegion aria-label="Headroom" className="headroom">
        <table>
          <thead>
            <tr>
              <th scope="col">Limit</th>
              <th scope="col">Used</th>
              {profiles.map((entry) => (
                <th key={titleOf(entry)} scope="col">
                  {titleOf(entry)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {names.map((name) => (
              <tr key={name}>
                <th scope="row">{limitDefinition(name)?.label ?? name}</th>
                <td>{usedText(name, profiles)}</td>
                {profiles.map((entry) => (
                  <td key={titleOf(entry)}>
                    <HeadroomCell name={name} row={entry.rows.find((row) => row.name === name)} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      <ul className="headroom-refusals">
        {profiles.map((entry) => {
          const definition = entry.first_refusal && limitDefinition(entry.first_refusal);
          return definition ? (
            <li key={titleOf(entry)}>
              ✕ Under <strong>{titleOf(entry)}</strong> it would have been refused or stopped first by{" "}
              {definition.label.toLowerCase()}.
            </li>
          ) : undefined;
        })}
      </ul>
    </>
  );
}

function HeadroomCell({
  name,
  row,
}: {
  readonly name: string;
  readonly row: Profiles[number]["rows"][number] | undefined;
}) {
  const definition = limitDefinition(name);
  if (row === undefined || definition === undefined) return <span className="dim">no limit</span>;
  const share = row.percent ?? 100;
  return (
    <div className={row.refuses ? "headroom-cell headroom-over" : "headroom-cell"}>
      <span className="headroom-bar" aria-hidden>
        <span style={{ width: `${Math.min(100, share)}%` }} />
      </span>
      <span>
        {row.refuses ? "✕ " : ""}
        {row.percent === null ? "over" : `${row.percent.toFixed(row.percent < 10 ? 1 : 0)} %`}{" "}
        <span className="dim">of {limitWords(definition, row.limit)}</span>
      </span>
    </div>
  );
}

function usedText(name: string, profiles: Profiles): string {
  const used = profiles.flatMap(({ rows }) => rows).find((row) => row.name === name)?.used ?? 0;
  const definition = limitDefinition(name);
  return definition === undefined ? String(used) : usedFigure(definition.unit, used);
}

/** To three digits: what was used is measured, not set. */
function usedFigure(unit: LimitUnit, used: number): string {
  switch (unit) {
    case "ms":
    case "bytes":
    case "fuel":
      return chartFigure(unit, used);
    case "mib":
      return chartFigure("MiB", used);
    case "mib_ms":
      return `${chartFigure("fuel", used)} MiB·ms`;
    default:
      return String(used);
  }
}
