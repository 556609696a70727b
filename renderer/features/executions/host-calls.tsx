import { Fragment, useEffect, useId, useMemo, useState } from "react";
import type { Usage } from "../../../core/contract/execute.ts";
import type { HostCallRecord } from "../../../core/contract/execution-journal.ts";
import type { ExecutionDetail } from "../../../core/contract/execution-recording.ts";
import { type Bar, waterfallOf } from "../../state/executions/waterfall.ts";
import { createResource } from "../../state/resource.ts";
import { formatCount, formatSpan } from "../../ui/format.ts";
import { FailureNotice } from "../../ui/notice.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";
import { LimitUses } from "./limit-uses.tsx";
import { ReplayAction } from "./replay-action.tsx";
import { TimeSplit } from "./time-split.tsx";
import "./host-calls.css";

export interface HostCallsProps {
  readonly client: WindowContext["client"];
  readonly executionId: string;
  readonly usage: Usage | undefined;
  /** Changes when there is more to be read. */
  readonly outcome: string;
}

/** What an execution asked of its host and when, where its time went, and how near it came to its limits. */
export function HostCalls({ client, executionId, usage, outcome }: HostCallsProps) {
  const resource = useMemo(
    () => createResource((signal) => client.call("executions.detail", { id: executionId }, signal)),
    [client, executionId],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: a call that has ended has all its host calls
  useEffect(() => void resource.reload(), [resource, outcome]);
  const { data, failure } = useStore(resource);
  if (failure) return <FailureNotice failure={failure} />;
  if (data === undefined) return <p className="dim">Reading the host calls…</p>;
  return (
    <>
      <LimitUses limits={data.limits} />
      <section aria-label="Host calls">
        <h3>Host calls</h3>
        {usage && <TimeSplit usage={usage} />}
        <Calls detail={data} durationMs={usage?.duration_ms ?? 0} />
      </section>
      <ReplayAction client={client} executionId={executionId} replay={data.replay} />
    </>
  );
}

function Calls({ detail, durationMs }: { readonly detail: ExecutionDetail; readonly durationMs: number }) {
  const { host_calls: calls, host_calls_dropped: dropped, journal } = detail;
  const waterfall = useMemo(() => waterfallOf(calls, durationMs), [calls, durationMs]);
  if (journal === "none") return <p className="dim">No journal of its host calls is kept.</p>;
  if (calls.length === 0) return <p className="dim">It asked nothing of its host.</p>;
  return (
    <>
      <table className="host-calls">
        <caption className="visually-hidden">
          Host calls in their order, each with its start and its duration in milliseconds
        </caption>
        <colgroup>
          <col className="column-call" />
          <col className="column-figure" />
          <col className="column-figure" />
          <col className="column-axis" />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">call</th>
            <th scope="col" className="figure">
              start
            </th>
            <th scope="col" className="figure">
              took
            </th>
            <th scope="col">
              <span className="visually-hidden">on the axis of time</span>
              <span className="waterfall-axis" aria-hidden>
                {waterfall.ticks.map(({ left, ms }) => (
                  <span key={ms} style={{ left: `${left}%` }}>
                    {left > 85 ? "" : formatSpan(ms)}
                  </span>
                ))}
              </span>
            </th>
          </tr>
        </thead>
        <tbody>
          {calls.map((call, index) => (
            <Call key={call.sequence} call={call} bar={waterfall.bars[index] ?? { left: 0, width: 0 }} />
          ))}
        </tbody>
      </table>
      {dropped > 0 && <p className="dim">{formatCount(dropped)} more calls are not recorded.</p>}
      {journal === "digest" && (
        <p className="dim">Outside development tenants values are kept as size and digest only.</p>
      )}
    </>
  );
}

function Call({ call, bar }: { readonly call: HostCallRecord; readonly bar: Bar }) {
  const [isOpen, setOpen] = useState(false);
  const values = useId();
  const failed = call.outcome === "value" ? undefined : [call.outcome, call.code].filter(Boolean).join(" ");
  return (
    <Fragment>
      <tr>
        <th scope="row">
          <button
            type="button"
            className="host-call-name"
            title={`${call.interface}.${call.function}`}
            aria-expanded={isOpen}
            aria-controls={values}
            onClick={() => setOpen(!isOpen)}
          >
            {call.interface}.{call.function}
            {failed && <span className="answer-error"> ✕ {failed}</span>}
          </button>
        </th>
        <td className="figure">{formatSpan(call.start_ms)}</td>
        <td className="figure">{formatSpan(call.duration_ms)}</td>
        <td>
          <span className="waterfall-track" aria-hidden>
            <span
              className={failed ? "is-failed" : undefined}
              style={{ left: `${bar.left}%`, width: `${bar.width}%` }}
            />
          </span>
        </td>
      </tr>
      <tr id={values} hidden={!isOpen} className="host-call-values">
        {isOpen && (
          <td colSpan={4}>
            <Values call={call} />
          </td>
        )}
      </tr>
    </Fragment>
  );
}

function Values({ call }: { readonly call: HostCallRecord }) {
  return (
    <>
      <h4>Arguments</h4>
      <pre>
        {call.arguments.length === 0
          ? "none"
          : call.arguments.map((value) => JSON.stringify(value, null, 2)).join("\n")}
      </pre>
      <h4>Result</h4>
      <pre>
        {call.outcome === "value"
          ? call.result === undefined
            ? "nothing"
            : JSON.stringify(call.result, null, 2)
          : `${call.outcome} ${call.code ?? ""}${call.message ? `: ${call.message}` : ""}`}
      </pre>
      {call.redacted && <p className="dim">A secret in its {call.redacted.join(" and ")} was replaced.</p>}
      {call.truncated && (
        <p className="dim">Its {call.truncated.join(" and ")} were too large: size and digest are kept.</p>
      )}
    </>
  );
}
