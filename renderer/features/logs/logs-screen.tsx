import { IconEraser, IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import { type LogLevel, logLevelSchema } from "../../../core/contract/log-event.ts";
import { commandLine } from "../../state/command-line.ts";
import type { LogLine } from "../../state/log-lines.ts";
import { LOG_FIELDS, logFilter } from "../../state/logs/log-filter.ts";
import { createLogView } from "../../state/logs/log-view.ts";
import { Button } from "../../ui/button.tsx";
import { Command } from "../../ui/command.tsx";
import { formatCount } from "../../ui/format.ts";
import { Notice } from "../../ui/notice.tsx";
import { Panel, Split, SplitHandle } from "../../ui/split.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { ScreenProps } from "../../window-context.ts";
import { LineDetail } from "./line-detail.tsx";
import { LogTable } from "./log-table.tsx";
import "./logs-screen.css";

/** Everything that extensions log, as it comes. */
export function LogsScreen({ context }: ScreenProps) {
  const { state, navigation, commands } = context;
  const { params } = useStore(navigation);
  const installs = useStore(state.extensions).data;
  const connection = useStore(state.connection);
  const received = useStore(state.logs).received;
  const view = useMemo(() => createLogView(state.logs), [state]);
  const { shown, paused, waiting, dropped } = useStore(view);
  const [minLevel, setMinLevel] = useState<LogLevel>("debug");
  const [text, setText] = useState("");
  const [selected, setSelected] = useState<LogLine>();

  useEffect(() => view.start(), [view]);
  useEffect(() => {
    if (params.request !== undefined) setText(`request:${params.request}`);
  }, [params]);
  useEffect(() => {
    const names = new Map(installs?.map((install) => [install.registry_id, install.extension_name]));
    view.filter(logFilter({ minLevel, text }, (id) => names.get(id) ?? ""));
  }, [view, minLevel, text, installs]);
  useEffect(
    () =>
      commands.register([
        {
          id: "logs.pause",
          title: "Pause or resume the log",
          group: "Logs",
          run: () => (view.get().paused ? view.resume() : view.pause()),
        },
        { id: "logs.clear", title: "Clear the log on screen", group: "Logs", run: state.logs.clear },
      ]),
    [commands, view, state],
  );

  return (
    <div className="logs-screen">
      <header className="logs-head">
        <h2>Logs</h2>
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
        <p className="logs-gap" role="status">
          ! {formatCount(dropped)} older lines were let go to make room here; the host has them:{" "}
          <code>workbench logs --limit 1000</code>
        </p>
      )}
      <div className="logs-body">
        {shown.length === 0 ? (
          <NoLines isOpen={connection === "open"} isFiltered={text !== "" || minLevel !== "debug"} />
        ) : (
          <Split id="logs" storage={context.preferences} panelIds={selected ? ["lines", "line"] : ["lines"]}>
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
      <footer className="logs-foot">
        <Command
          text={commandLine(["workbench", "logs", ...(minLevel === "debug" ? [] : ["--level", minLevel])])}
          what="the command that shows the log"
        />
      </footer>
    </div>
  );
}

function NoLines({ isOpen, isFiltered }: { readonly isOpen: boolean; readonly isFiltered: boolean }) {
  if (isFiltered) return <Notice title="No line passes the filter." />;
  return (
    <Notice
      title={
        isOpen
          ? "Live: lines appear here as extensions log or print."
          : "Not connected: lines of the host do not arrive."
      }
    >
      <p>Call an extension that logs:</p>
      <Command text="workbench invoke com.acme.hello GET /" what="the command that calls an extension" />
    </Notice>
  );
}
