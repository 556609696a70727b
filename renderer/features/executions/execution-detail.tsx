import { useEffect, useMemo } from "react";
import type { ExecutionRecord } from "../../../core/contract/execution-record.ts";
import { commandLine } from "../../state/command-line.ts";
import { keptExchange } from "../../state/executions/kept-exchange.ts";
import type { HistoryEntry } from "../../state/requests/history-entry.ts";
import { createResource } from "../../state/resource.ts";
import { Command } from "../../ui/command.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { formatBytes, formatTime, shortHash } from "../../ui/format.ts";
import { FailureNotice } from "../../ui/notice.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";
import { LogRows } from "../logs/log-rows.tsx";
import { DecisionLadder } from "../requests/decision-ladder.tsx";
import { HeaderTable } from "../requests/header-table.tsx";
import { SentView } from "../requests/sent-view.tsx";
import { UsageFacts } from "../requests/usage-facts.tsx";
import { HostCalls } from "./host-calls.tsx";
import { SaveReproduction } from "./save-reproduction.tsx";
import "../requests/response-pane.css";

/** An execution may write no more lines than this. */
const MAX_LINES = 1_000;

export interface ExecutionDetailProps {
  readonly context: WindowContext;
  readonly execution: ExecutionRecord;
  /** What this browser kept of the request, if it was sent from here. */
  readonly kept: HistoryEntry | undefined;
}

export function ExecutionDetail({ context, execution, kept }: ExecutionDetailProps) {
  const ladder = <DecisionLadder trace={execution.trace} navigation={context.navigation} />;
  const isRefused = execution.code !== undefined;
  return (
    <div className="answer">
      {isRefused && ladder}
      {execution.usage && <UsageFacts usage={execution.usage} />}
      {execution.outcome !== "refused" && (
        <HostCalls
          client={context.client}
          executionId={execution.id}
          usage={execution.usage}
          outcome={execution.outcome}
        />
      )}
      {!isRefused && ladder}
      <Lines context={context} execution={execution} />
      <Answer kept={kept} />
      {execution.outcome !== "running" && (
        <SaveReproduction client={context.client} executionId={execution.id} kept={keptExchange(kept)} />
      )}
      <section aria-label="Identity">
        <h3>Identity</h3>
        <Facts>
          <Fact name="started">{execution.started_at}</Fact>
          <Fact name="finished">{execution.finished_at ?? "not yet"}</Fact>
          <Fact name="extension">{execution.extension_name || execution.extension_id}</Fact>
          <Fact name="content hash">
            <code title={execution.content_hash}>
              {execution.content_hash === "" ? "–" : shortHash(execution.content_hash)}
            </code>
          </Fact>
          <Fact name="execution">
            <code>{execution.id}</code>
          </Fact>
          <Fact name="request">
            <code>{execution.request_id}</code>
          </Fact>
          <Fact name="tenant">
            <code>{execution.tenant_id}</code>
          </Fact>
        </Facts>
      </section>
      <Command
        text={commandLine(["workbench", "executions", "show", execution.id])}
        what="the command that shows this execution"
      />
    </div>
  );
}

function Answer({ kept }: { readonly kept: HistoryEntry | undefined }) {
  if (kept === undefined) {
    return (
      <p className="dim">
        It was not sent from this browser: the execution log keeps no query, headers or bodies.
      </p>
    );
  }
  const { sent, outcome } = kept;
  return (
    <>
      <SentView
        method={sent.method}
        path={sent.path}
        headers={sent.headers}
        body={sent.body}
        handlerHeaders={outcome.kind === "answered" ? outcome.handler_headers : undefined}
      />
      {outcome.kind === "answered" && (
        <section aria-label="Answer" className="sent">
          <h3>Headers of the answer</h3>
          <HeaderTable caption="Headers of the answer" headers={outcome.headers} />
          <h3>
            Body of the answer <span className="dim">{formatBytes(outcome.body_bytes)}</span>
          </h3>
          <pre className="answer-body answer-pre">{outcome.body ?? "It is not text."}</pre>
          {outcome.body_cut && <p className="dim">Cut at what the history keeps.</p>}
        </section>
      )}
    </>
  );
}

function Lines({ context, execution }: Omit<ExecutionDetailProps, "kept">) {
  const { client } = context;
  const { request_id, tenant_id, started_at, outcome } = execution;
  const lines = useMemo(
    () =>
      createResource((signal) =>
        client.call(
          "logs.query",
          { request_id, ...(tenant_id === "" ? {} : { tenant_id }), since: started_at, limit: MAX_LINES },
          signal,
        ),
      ),
    [client, request_id, tenant_id, started_at],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: a call that has ended has all its lines
  useEffect(() => void lines.reload(), [lines, outcome]);
  const { data, failure } = useStore(lines);
  return (
    <section aria-label="Logs">
      <h3>Logs</h3>
      {failure && <FailureNotice failure={failure} />}
      {data?.items.length === 0 && <p className="dim">This request logged nothing.</p>}
      {data && data.items.length > 0 && <LogRows lines={data.items} />}
      {data === undefined && !failure && (
        <p className="dim">Reading the lines since {formatTime(started_at)}…</p>
      )}
    </section>
  );
}
