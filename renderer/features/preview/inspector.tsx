import { Button, Tabs } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { shortId } from "../../../core/contract/short-id.ts";
import type { BridgeCall, BridgeEntry } from "../../state/preview/bridge-state.ts";
import type { PreviewState } from "../../state/preview/preview.ts";
import { formatBytes, formatCount, formatDuration, formatTime } from "../../ui/format.ts";
import { Notice } from "../../ui/notice.tsx";
import { ScrollRegion } from "../../ui/scroll-region.tsx";
import { TabRow } from "../../ui/tab-row.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useStore } from "../../ui/use-store.ts";
import { ConsoleTable } from "./console-table.tsx";

export interface InspectorProps {
  readonly state: PreviewState;
  onExecution(executionId: string): void;
}

/** What passed between the frame and the host, what it called, and what its own policy refused it. */
export function Inspector({ state, onExecution }: InspectorProps) {
  const { entries, calls, counts, console } = useStore(state.bridge);
  const { violations } = useStore(state.view);
  const errors = console.filter(({ level }) => level === "error").length;
  return (
    <Tabs defaultValue="bridge" className="preview-inspector" keepMounted={false}>
      <TabRow
        end={
          <Button
            variant="subtle"
            color="gray"
            size="compact-xs"
            leftSection={<IconTrash size={12} aria-hidden />}
            onClick={state.clear}
          >
            Clear
          </Button>
        }
      >
        <Tabs.List aria-label="Messages, calls and refusals">
          <Tabs.Tab value="bridge">
            Bridge <span className="dim">{formatCount(counts.received + counts.sent)}</span>
            {counts.refused > 0 && <Tag tone="bad">{formatCount(counts.refused)} refused</Tag>}
          </Tabs.Tab>
          <Tabs.Tab value="network">
            Network <span className="dim">{calls.length}</span>
          </Tabs.Tab>
          <Tabs.Tab value="policy">
            Console <span className="dim">{formatCount(console.length)}</span>
            {errors > 0 && <Tag tone="bad">{formatCount(errors)} failed</Tag>}
            {violations.length > 0 && <Tag tone="bad">{violations.length} refused</Tag>}
          </Tabs.Tab>
        </Tabs.List>
      </TabRow>
      <Tabs.Panel value="bridge">
        {counts.dropped > 0 && (
          <p className="preview-warning" role="status">
            {formatCount(counts.dropped)} messages of this load were over the rate: counted, not heard.
          </p>
        )}
        {entries.length === 0 ? (
          <Notice title="No message has passed yet. A page says ready with bridge.ready() of the SDK." />
        ) : (
          <BridgeTable entries={entries} />
        )}
      </Tabs.Panel>
      <Tabs.Panel value="network">
        {calls.length === 0 ? (
          <Notice title="The frame has called nothing. A page calls its own endpoints with callHandlerJson() of the SDK." />
        ) : (
          <CallTable calls={calls} onExecution={onExecution} />
        )}
      </Tabs.Panel>
      <Tabs.Panel value="policy">
        <ConsoleTable lines={console} violations={violations} />
      </Tabs.Panel>
    </Tabs>
  );
}

function BridgeTable({ entries }: { readonly entries: readonly BridgeEntry[] }) {
  return (
    <ScrollRegion className="preview-rows" aria-label="Bridge messages">
      <table>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Way</th>
            <th scope="col">Type</th>
            <th scope="col">Verdict</th>
            <th scope="col">Origin</th>
            <th scope="col" className="figure">
              Size
            </th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <BridgeRow key={entry.key} entry={entry} />
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function BridgeRow({ entry }: { readonly entry: BridgeEntry }) {
  const { at, direction, origin, type, bytes, verdict, code, detail, text, requestId } = entry;
  if (verdict === "note") {
    return (
      <tr className="preview-note">
        <td>
          <time dateTime={at}>{formatTime(at)}</time>
        </td>
        <td colSpan={5}>{detail}</td>
      </tr>
    );
  }
  return (
    <tr>
      <td>
        <time dateTime={at}>{formatTime(at)}</time>
      </td>
      <td className="preview-way">{direction === "in" ? "← frame" : "→ frame"}</td>
      <td>
        <details>
          <summary>
            <code>{type}</code>
          </summary>
          {requestId && <p className="dim">request_id {requestId}</p>}
          <pre>{text}</pre>
        </details>
      </td>
      <td>
        {verdict === "refused" ? (
          <>
            <Tag tone="bad">✕ {code}</Tag> {detail}
          </>
        ) : (
          <Tag tone={verdict === "sent" ? "host" : "ok"}>{verdict === "sent" ? "→ sent" : "✓ accepted"}</Tag>
        )}
      </td>
      <td className="mono">{origin}</td>
      <td className="figure">{formatBytes(bytes)}</td>
    </tr>
  );
}

interface CallTableProps {
  readonly calls: readonly BridgeCall[];
  onExecution(executionId: string): void;
}

function CallTable({ calls, onExecution }: CallTableProps) {
  return (
    <ScrollRegion className="preview-rows" aria-label="Calls of the frame">
      <table>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Call</th>
            <th scope="col">Status</th>
            <th scope="col" className="figure">
              Took
            </th>
            <th scope="col" className="figure">
              Size
            </th>
            <th scope="col">Execution</th>
          </tr>
        </thead>
        <tbody>
          {calls.map(({ key, at, method, route, phase, status, durationMs, bytes, executionId, error }) => (
            <tr key={key}>
              <td>
                <time dateTime={at}>{formatTime(at)}</time>
              </td>
              <td className="mono">
                {method} {route}
              </td>
              <td>
                {phase === "pending" ? (
                  <Tag tone="accent">under way</Tag>
                ) : (
                  <Tag tone={error === undefined && (status ?? 500) < 400 ? "ok" : "bad"}>
                    {status ?? "✕"} {error?.code}
                  </Tag>
                )}
              </td>
              <td className="figure">{durationMs === undefined ? "" : formatDuration(durationMs)}</td>
              <td className="figure">{bytes === undefined ? "" : formatBytes(bytes)}</td>
              <td>
                {executionId && (
                  <button type="button" className="preview-link" onClick={() => onExecution(executionId)}>
                    …{shortId(executionId)}
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
