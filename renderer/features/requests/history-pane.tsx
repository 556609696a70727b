import { IconEraser } from "@tabler/icons-react";
import { useState } from "react";
import type { Navigation } from "../../state/navigation.ts";
import { searchHistory } from "../../state/requests/history.ts";
import type { HistoryEntry } from "../../state/requests/history-entry.ts";
import type { RequestConsole } from "../../state/requests/request-console.ts";
import { Button } from "../../ui/button.tsx";
import { formatDuration, formatTime } from "../../ui/format.ts";
import { Notice } from "../../ui/notice.tsx";
import { ScrollRegion } from "../../ui/scroll-region.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useStore } from "../../ui/use-store.ts";
import { SentView } from "./sent-view.tsx";

export interface HistoryPaneProps {
  readonly console: RequestConsole;
  readonly navigation: Navigation;
}

/** What was sent from this browser, newest first. */
export function HistoryPane({ console, navigation }: HistoryPaneProps) {
  const { entries, loaded, kept } = useStore(console.history);
  const [text, setText] = useState("");
  const [openId, setOpenId] = useState<string>();
  const found = searchHistory(entries, text);
  return (
    <section className="side-list" aria-label="History">
      <div className="side-list-head">
        <input
          type="search"
          aria-label="Search the history"
          placeholder="Search what was sent and answered"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button look="quiet" disabled={entries.length === 0} onClick={() => void console.history.clear()}>
          <IconEraser size={14} aria-hidden />
          Clear
        </Button>
      </div>
      {!kept && (
        <p className="side-list-note">! The browser keeps no data for this page: the history ends with it.</p>
      )}
      {loaded && entries.length === 0 && <Notice title="Nothing has been sent from this browser yet." />}
      {entries.length > 0 && found.length === 0 && (
        <Notice title="No request of the past has all these words." />
      )}
      <ScrollRegion className="side-list-body" aria-label="Requests of the past">
        <ul>
          {found.map((entry) => (
            <li key={entry.id}>
              <button
                type="button"
                className="side-item"
                aria-expanded={entry.id === openId}
                onClick={() => setOpenId(entry.id === openId ? undefined : entry.id)}
              >
                <span className="side-item-line mono">
                  {entry.sent.method} {entry.sent.path}
                </span>
                <span className="side-item-facts">
                  <OutcomeTag entry={entry} />
                  {entry.outcome.kind === "answered" && (
                    <span>{formatDuration(entry.outcome.duration_ms)}</span>
                  )}
                  <time dateTime={entry.at} title={entry.at}>
                    {formatTime(entry.at)}
                  </time>
                  <span>{entry.extension_name}</span>
                </span>
              </button>
              {entry.id === openId && <Detail entry={entry} console={console} navigation={navigation} />}
            </li>
          ))}
        </ul>
      </ScrollRegion>
    </section>
  );
}

function OutcomeTag({ entry: { outcome } }: { readonly entry: HistoryEntry }) {
  if (outcome.kind !== "answered") return <Tag tone="warn">{outcome.kind}</Tag>;
  const isBad = outcome.code !== undefined || outcome.status >= 500;
  return (
    <Tag tone={isBad ? "bad" : outcome.status >= 400 ? "warn" : "ok"}>
      {outcome.status}
      {outcome.code && ` ${outcome.code}`}
    </Tag>
  );
}

interface DetailProps {
  readonly entry: HistoryEntry;
  readonly console: RequestConsole;
  readonly navigation: Navigation;
}

function Detail({ entry, console, navigation }: DetailProps) {
  const { sent, outcome } = entry;
  const execution = outcome.kind === "answered" ? outcome.execution_id : undefined;
  return (
    <div className="side-detail">
      <div className="request-actions">
        <Button onClick={() => console.reopen(entry)}>Open</Button>
        <Button
          onClick={() => {
            if (console.reopen(entry)) console.send();
          }}
        >
          Send again
        </Button>
        {execution !== undefined && (
          <Button look="quiet" onClick={() => navigation.go("executions", { execution })}>
            Execution
          </Button>
        )}
      </div>
      <SentView
        method={sent.method}
        path={sent.path}
        headers={sent.headers}
        body={sent.body}
        handlerHeaders={outcome.kind === "answered" ? outcome.handler_headers : undefined}
      />
    </div>
  );
}
