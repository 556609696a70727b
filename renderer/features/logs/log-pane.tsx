import { IconEraser } from "@tabler/icons-react";
import { useState } from "react";
import type { WorkbenchState } from "../../state/workbench.ts";
import { Button } from "../../ui/button.tsx";
import { formatCount } from "../../ui/format.ts";
import { Notice } from "../../ui/notice.tsx";
import { Pane } from "../../ui/pane.tsx";
import { useStore } from "../../ui/use-store.ts";
import { LogTable } from "./log-table.tsx";
import "./log-pane.css";

export function LogPane({ state }: { readonly state: WorkbenchState }) {
  const { lines, received } = useStore(state.logs);
  const connection = useStore(state.connection);
  const exchange = useStore(state.exchange);
  const [onlyLast, setOnlyLast] = useState(false);
  const requestId = exchange.phase === "answered" ? exchange.answer.request_id : undefined;
  const shown =
    onlyLast && requestId !== undefined ? lines.filter(({ event }) => event.request_id === requestId) : lines;
  return (
    <Pane
      title="Logs"
      area="logs"
      facts={
        <span>
          {formatCount(received)} received
          {lines.length < received && `, the last ${formatCount(lines.length)} kept here`}
        </span>
      }
      actions={
        <>
          <label className="check">
            <input
              type="checkbox"
              checked={onlyLast}
              disabled={requestId === undefined}
              onChange={(event) => setOnlyLast(event.target.checked)}
            />
            only the last request
          </label>
          <Button look="quiet" onClick={state.logs.clear} disabled={received === 0}>
            <IconEraser size={14} aria-hidden />
            Clear
          </Button>
        </>
      }
    >
      {shown.length > 0 ? (
        <LogTable lines={shown} />
      ) : (
        <Notice
          title={
            connection === "open"
              ? "Live: lines appear here as extensions log or print."
              : "Not connected: lines of the host do not arrive."
          }
        />
      )}
    </Pane>
  );
}
