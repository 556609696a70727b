import { IconClock, IconDownload, IconGitCompare, IconRepeat } from "@tabler/icons-react";
import { useCallback, useEffect, useMemo, useState } from "react";
import type { ExecutionRecord } from "../../../core/contract/execution-record.ts";
import { commandLine } from "../../state/command-line.ts";
import { createExecutionList } from "../../state/executions/execution-list.ts";
import { keptExchange } from "../../state/executions/kept-exchange.ts";
import { filterOfView, listCommand, viewOfFilter } from "../../state/executions/list-filter.ts";
import { type ClientFailure, failureOf } from "../../state/failure.ts";
import { createResource } from "../../state/resource.ts";
import { Button } from "../../ui/button.tsx";
import { Command } from "../../ui/command.tsx";
import { formatCount, formatTime } from "../../ui/format.ts";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import { Pane } from "../../ui/pane.tsx";
import { Panel, Split, SplitHandle } from "../../ui/split.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { ScreenProps, WindowContext } from "../../window-context.ts";
import { CallExample } from "../extensions/call-example.tsx";
import { saveText } from "../keys/save-file.ts";
import { SavedViewBar } from "../records/saved-view-bar.tsx";
import { requestConsoleOf } from "../requests/request-console-of.ts";
import { ComparisonView } from "./comparison-view.tsx";
import { ExecutionDetail } from "./execution-detail.tsx";
import { ExecutionFilters } from "./execution-filters.tsx";
import { ExecutionTable } from "./execution-table.tsx";
import { OutcomeTag } from "./outcome-tag.tsx";
import { rerun } from "./rerun.ts";
import "./executions-screen.css";

/** What was called, how it ended and why. */
export function ExecutionsScreen({ context }: ScreenProps) {
  const { client, state, navigation, timers, preferences } = context;
  const console = requestConsoleOf(context);
  const list = useMemo(
    () => createExecutionList((filter, signal) => client.call("executions.list", filter, signal), timers),
    [client, timers],
  );
  const { items, filter, live, loaded, failure, next, searchedTo } = useStore(list);
  const installs = useStore(state.extensions).data ?? [];
  const host = useStore(state.host).data;
  useStore(console.history);
  const { params } = useStore(navigation);
  const [marked, setMarked] = useState<ReadonlyMap<string, ExecutionRecord>>(new Map());
  const [isComparing, setComparing] = useState(false);
  const [saveFailure, setSaveFailure] = useState<ClientFailure>();

  useEffect(() => list.start(), [list]);
  const selectedId = params.execution;
  const one = useMemo(
    () =>
      createResource(async (signal) =>
        selectedId === undefined ? undefined : client.call("executions.get", { id: selectedId }, signal),
      ),
    [client, selectedId],
  );
  useEffect(() => void one.reload(), [one]);
  const fetched = useStore(one);
  const selected =
    items.find(({ id, request_id }) => id === selectedId || request_id === selectedId) ?? fetched.data;
  const more = useCallback(() => void list.more(), [list]);

  const select = (execution: ExecutionRecord): void => {
    setComparing(false);
    navigation.go("executions", { execution: execution.id });
  };
  const mark = (execution: ExecutionRecord, isMarked: boolean): void => {
    const changed = new Map(marked);
    if (isMarked) changed.set(execution.id, execution);
    else changed.delete(execution.id);
    setMarked(changed);
    if (changed.size !== 2) setComparing(false);
  };
  const save = async (executions: readonly ExecutionRecord[]): Promise<void> => {
    const kept = executions.flatMap(({ request_id }) => {
      const exchange = keptExchange(console.history.byRequestId(request_id));
      return exchange === undefined ? [] : [[request_id, exchange] as const];
    });
    try {
      const ids = executions.map(({ id }) => id);
      const { har } = await client.call("records.har", { ids, kept: Object.fromEntries(kept) });
      saveText("executions.har", har);
      setSaveFailure(undefined);
    } catch (error) {
      setSaveFailure(failureOf(error));
    }
  };
  const [left, right] = [...marked.values()].sort((a, b) => (a.started_at < b.started_at ? -1 : 1));

  return (
    <Split id="executions" storage={preferences}>
      <Panel id="list" minSize={320}>
        <Pane
          title="Executions"
          area="executions"
          facts={
            <label className="execution-live">
              <input
                type="checkbox"
                checked={live}
                onChange={(event) => list.setLive(event.target.checked)}
              />
              live
            </label>
          }
          actions={
            <>
              <span>
                {formatCount(items.length)}
                {next === undefined ? "" : "+"} shown{marked.size > 0 && `, ${marked.size} marked`}
              </span>
              <Button look="quiet" onClick={() => navigation.go("automation")}>
                <IconClock size={14} aria-hidden />
                Schedules & events
              </Button>
              <Button look="quiet" disabled={marked.size !== 2} onClick={() => setComparing(true)}>
                <IconGitCompare size={14} aria-hidden />
                Compare
              </Button>
              <Button
                look="quiet"
                disabled={marked.size === 0}
                onClick={() => void save([...marked.values()])}
              >
                <IconDownload size={14} aria-hidden />
                HAR of the marked
              </Button>
            </>
          }
        >
          <ExecutionFilters
            filter={filter}
            installs={installs}
            tenants={host?.tenants ?? []}
            onChange={list.setFilter}
            views={
              <SavedViewBar
                client={client}
                list="executions"
                filter={viewOfFilter(filter)}
                onApply={(saved) => list.setFilter(filterOfView(saved))}
              />
            }
          />
          {searchedTo !== undefined && (
            <p className="execution-views dim" role="status">
              Searched back to {formatTime(searchedTo)}.{" "}
              <Button look="quiet" onClick={more}>
                Search on
              </Button>
            </p>
          )}
          {failure && <FailureNotice failure={failure} />}
          {saveFailure && <FailureNotice failure={saveFailure} />}
          {!loaded && !failure && <Notice title="Reading the execution log…" />}
          {loaded && items.length === 0 && (
            <NoExecutions context={context} isFiltered={Object.keys(filter).length > 0} />
          )}
          {items.length > 0 && (
            <ExecutionTable
              items={items}
              selected={selected?.id}
              marked={new Set(marked.keys())}
              hasMore={next !== undefined}
              onSelect={select}
              onMark={mark}
              onMore={more}
            />
          )}
          <footer className="execution-foot">
            <Command text={listCommand(filter, Date.now())} what="the command that lists executions" />
            {marked.size > 0 && (
              <Command
                text={commandLine([
                  ...["workbench", "executions", "export", "--har", "-o", "executions.har"],
                  ...marked.keys(),
                ])}
                what="the command that exports the marked executions"
              />
            )}
          </footer>
        </Pane>
      </Panel>
      <SplitHandle label="Size of the execution's detail" />
      <Panel id="detail" defaultSize="40%" minSize={280}>
        {isComparing && left && right ? (
          <Pane
            title="Two executions"
            area="execution"
            actions={
              <Button look="quiet" onClick={() => setComparing(false)}>
                Close
              </Button>
            }
          >
            <ComparisonView left={left} right={right} />
          </Pane>
        ) : (
          <Pane
            title={selected ? `${selected.method} ${selected.path}` : "Execution"}
            area="execution"
            facts={selected && <OutcomeTag execution={selected} />}
            actions={
              selected && (
                <>
                  <Button look="quiet" onClick={() => rerun(selected, context)}>
                    <IconRepeat size={14} aria-hidden />
                    Rerun
                  </Button>
                  <Button look="quiet" onClick={() => void save([selected])}>
                    <IconDownload size={14} aria-hidden />
                    HAR
                  </Button>
                </>
              )
            }
          >
            <div className="pane-body">
              {selected && (
                <ExecutionDetail
                  key={selected.id}
                  context={context}
                  execution={selected}
                  kept={console.history.byRequestId(selected.request_id)}
                />
              )}
              {!selected && fetched.failure && <FailureNotice failure={fetched.failure} />}
              {!selected && !fetched.failure && <Notice title="Choose an execution to see all of it." />}
            </div>
          </Pane>
        )}
      </Panel>
    </Split>
  );
}

function NoExecutions({
  context,
  isFiltered,
}: {
  readonly context: WindowContext;
  readonly isFiltered: boolean;
}) {
  if (isFiltered) return <Notice title="No execution passes the filter." />;
  return (
    <Notice title="Nothing has been called yet.">
      <CallExample context={context} />
    </Notice>
  );
}
