import { IconClock, IconEraser, IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import { type LogLevel, logLevelSchema } from "../../../core/contract/log-event.ts";
import { commandLine } from "../../state/command-line.ts";
import type { LogLine } from "../../state/log-lines.ts";
import { LOG_FIELDS, logFilter } from "../../state/logs/log-filter.ts";
import { createLogView, type LogView } from "../../state/logs/log-view.ts";
import type { TimeRange } from "../../state/time-range.ts";
import { Button } from "../../ui/button.tsx";
import { Command } from "../../ui/command.tsx";
import { formatCount } from "../../ui/format.ts";
import { Notice } from "../../ui/notice.tsx";
import { Panel, Split, SplitHandle } from "../../ui/split.tsx";
import { TimeRangeFields } from "../../ui/time-range.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";
import { CallExample } from "../extensions/call-example.tsx";
import { SavedViewBar } from "../records/saved-view-bar.tsx";
import { LineDetail } from "./line-detail.tsx";
import { LogTable } from "./log-table.tsx";
import "./log-browser.css";

export interface LogBrowserProps {
  readonly context: WindowContext;
  /** What the lines are first filtered by, and again whenever it changes. */
  readonly asked?: string | undefined;
  /** Without title and command line: below another screen. */
  readonly isCompact?: boolean;
  /** Given the view of the lines, for commands of the screen. */
  onView?(view: LogView): (() => void) | undefined;
}

/** Everything that extensions log, as it comes: levels, filter, views, pause, and a line's detail. */
export function LogBrowser({ context, asked, isCompact = false, onView }: LogBrowserProps) {
  const { state, navigation, client } = context;
  const installs = useStore(state.extensions).data;
  const connection = useStore(state.connection);
  const received = useStore(state.logs).received;
  const view = useMemo(() => createLogView(state.logs), [state]);
  const { shown, paused, waiting, dropped } = useStore(view);
  const [minLevel, setMinLevel] = useState<LogLevel>("debug");
  const [text, setText] = useState("");
  const [range, setRange] = useState<TimeRange>({});
  const [isRange, showRange] = useState(false);
  const [selected, setSelected] = useState<LogLine>();

  useEffect(() => view.start(), [view]);
  useEffect(() => onView?.(view), [view, onView]);
  useEffect(() => {
    if (asked !== undefined) setText(asked);
  }, [asked]);
  useEffect(() => {
    const names = new Map(installs?.map((install) => [install.registry_id, install.extension_name]));
    view.filter(logFilter({ minLevel, text, range }, (id) => names.get(id) ?? ""));
  }, [view, minLevel, text, range, installs]);
  const exchange = useStore(state.exchange);
  const lastRequest = exchange.phase === "answered" ? exchange.answer.request_id : undefined;
  const saved = {
    ...(minLevel === "debug" ? {} : { min_level: minLevel }),
    ...(text === "" ? {} : { text }),
    ...(range.since === undefined ? {} : { since: range.since }),
    ...(range.until === undefined ? {} : { until: range.until }),
  };
  return (
    <div className={isCompact ? "log-browser" : "log-browser logs-screen"}>
      <header className="logs-head">
        {!isCompact && <h2>Logs</h2>}
        <label>
          <span className="visually-hidden">Least level</span>
          <select
            value={minLevel}
            onChange={(event) => setMinLevel(logLevelSchema.catch("debug").parse(event.target.value))}
          >
            {logLevelSchema.options.map((level) => (
              <option key={level} value={level}>
                {level === "debug" ? "every level" : level === "error" ? "error" : `${level} and above`}
              </option>
            ))}
          </select>
        </label>
        <input
          type="search"
          className="mono"
          aria-label="Filter the lines"
          title={`Words, "phrases", -not, and fields: ${LOG_FIELDS.join(", ")}`}
          placeholder={'text  "a phrase"  -not  request:8f3a  stream:host'}
          value={text}
          onChange={(event) => setText(event.target.value)}
          spellCheck={false}
        />
        {lastRequest !== undefined && (
          <Button
            look="quiet"
            aria-pressed={text === `request:${lastRequest}`}
            onClick={() => setText(text === `request:${lastRequest}` ? "" : `request:${lastRequest}`)}
          >
            Last request
          </Button>
        )}
        <SavedViewBar
          client={client}
          list="logs"
          filter={saved}
          onApply={(view) => {
            setMinLevel(logLevelSchema.catch("debug").parse(view.min_level));
            setText(typeof view.text === "string" ? view.text : "");
            const [since, until] = [view.since, view.until].map((time) =>
              typeof time === "string" ? time : undefined,
            );
            setRange({ since, until });
            showRange(since !== undefined || until !== undefined);
          }}
        />
        {!isCompact && (
          <Button
            look="quiet"
            aria-pressed={isRange}
            title="Only lines since and until a time, among those that this page holds"
            onClick={() => {
              setRange({});
              showRange(!isRange);
            }}
          >
            <IconClock size={14} aria-hidden />
            Time
          </Button>
        )}
        {isRange && <TimeRangeFields value={range} onChange={setRange} />}
        <Button onClick={() => (paused ? view.resume() : view.pause())} aria-pressed={paused}>
          {paused ? <IconPlayerPlay size={14} aria-hidden /> : <IconPlayerPause size={14} aria-hidden />}
          {paused ? `Resume${waiting > 0 ? `, ${formatCount(waiting)} new` : ""}` : "Pause"}
        </Button>
        <Button look="quiet" onClick={state.logs.clear} disabled={received === 0}>
          <IconEraser size={14} aria-hidden />
          Clear
        </Button>
        <span className="dim">
          {formatCount(shown.length)} shown of {formatCount(received)}
        </span>
      </header>
      {dropped > 0 && (
        <p className="logs-gap" role={isCompact ? undefined : "status"}>
          ! {formatCount(dropped)} older lines were let go to make room here; the host has them:{" "}
          <code>workbench logs --limit 1000</code>
        </p>
      )}
      <div className="logs-body">
        {shown.length === 0 ? (
          <NoLines
            context={context}
            isOpen={connection === "open"}
            isFiltered={Object.keys(saved).length > 0}
          />
        ) : (
          <Split
            id={isCompact ? "logs-below" : "logs"}
            storage={context.preferences}
            panelIds={selected ? ["lines", "line"] : ["lines"]}
          >
            <Panel id="lines" minSize={320}>
              <LogTable lines={shown} selected={selected?.key} onSelect={setSelected} />
            </Panel>
            {selected && (
              <>
                <SplitHandle label="Size of the line's detail" />
                <Panel id="line" defaultSize="34%" minSize={240}>
                  <LineDetail
                    event={selected.event}
                    extension={
                      installs?.find(({ registry_id }) => registry_id === selected.event.extension_id)
                        ?.extension_name
                    }
                    navigation={navigation}
                    onFilter={setText}
                    onClose={() => setSelected(undefined)}
                  />
                </Panel>
              </>
            )}
          </Split>
        )}
      </div>
      {!isCompact && (
        <footer className="logs-foot">
          <Command text={logCommand(minLevel, text, range)} what="the command that shows these lines" />
        </footer>
      )}
    </div>
  );
}

/** The terms that the command has options for; its `--text` is one part of the message. */
function logCommand(level: LogLevel, text: string, { since, until }: TimeRange): string {
  const [, request] = /^request:(\S+)$/.exec(text) ?? [];
  const isPlain = text !== "" && !/[:"]|(^|\s)-|\s/.test(text);
  return commandLine([
    ...["workbench", "logs"],
    ...(since === undefined && until === undefined ? ["--follow"] : []),
    ...(since === undefined ? [] : ["--since", since]),
    ...(until === undefined ? [] : ["--until", until]),
    ...(level === "debug" ? [] : ["--level", level]),
    ...(request === undefined ? [] : ["--request", request]),
    ...(isPlain ? ["--text", text] : []),
  ]);
}

function NoLines({
  context,
  isOpen,
  isFiltered,
}: {
  readonly context: WindowContext;
  readonly isOpen: boolean;
  readonly isFiltered: boolean;
}) {
  if (isFiltered) return <Notice title="No line passes the filter." />;
  return (
    <Notice
      title={
        isOpen
          ? "Live: lines appear here as extensions log or print."
          : "Not connected: lines of the host do not arrive."
      }
    >
      <CallExample context={context} />
    </Notice>
  );
}
