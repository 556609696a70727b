import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef } from "react";
import type { ExecutionRecord } from "../../../core/contract/execution-record.ts";
import { formatBytes, formatCount, formatDuration, formatTime } from "../../ui/format.ts";
import { ScrollRegion } from "../../ui/scroll-region.tsx";
import { OutcomeTag } from "./outcome-tag.tsx";

const ROW_PX = 30;

export interface ExecutionTableProps {
  readonly items: readonly ExecutionRecord[];
  readonly selected: string | undefined;
  /** Ids that are marked for export or comparison. */
  readonly marked: ReadonlySet<string>;
  /** Whether the host has older ones. */
  readonly hasMore: boolean;
  onSelect(execution: ExecutionRecord): void;
  onMark(execution: ExecutionRecord, isMarked: boolean): void;
  onMore(): void;
}

/** Executions, newest first; the next page is asked for when the end comes near. */
export function ExecutionTable(props: ExecutionTableProps) {
  const { items, selected, marked, hasMore, onSelect, onMark, onMore } = props;
  const scroller = useRef<HTMLElement>(null);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => items[index]?.id ?? index,
    overscan: 10,
  });
  const topId = useRef<string>(undefined);
  // New rows come in at the top: scrolled down, what is read stays where it is.
  useLayoutEffect(() => {
    const element = scroller.current;
    const before = topId.current;
    topId.current = items[0]?.id;
    if (element === null || before === undefined || element.scrollTop === 0) return;
    const added = items.findIndex(({ id }) => id === before);
    if (added > 0) element.scrollTop += added * ROW_PX;
  }, [items]);
  const visible = rows.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= items.length - 10) onMore();
  }, [hasMore, last, items.length, onMore]);

  return (
    <div className="execution-table">
      <div className="execution-row execution-head" aria-hidden>
        <span />
        <span>Time</span>
        <span>Request</span>
        <span>Outcome</span>
        <span className="number">Duration</span>
        <span className="number">Fuel, units</span>
        <span className="number">Memory</span>
      </div>
      <ScrollRegion className="execution-rows" ref={scroller} aria-label="List of executions">
        <ul className="execution-canvas" style={{ height: rows.getTotalSize() }}>
          {visible.map(({ key, index, start }) => {
            const row = items[index];
            return (
              row && (
                <li key={key} className="execution-item" style={{ transform: `translateY(${start}px)` }}>
                  <input
                    type="checkbox"
                    aria-label={`Mark ${row.method} ${row.path} of ${formatTime(row.started_at)}`}
                    checked={marked.has(row.id)}
                    onChange={(event) => onMark(row, event.target.checked)}
                  />
                  <button
                    type="button"
                    className="execution-row"
                    aria-pressed={row.id === selected}
                    onClick={() => onSelect(row)}
                  >
                    <time className="mono" dateTime={row.started_at} title={row.started_at}>
                      {formatTime(row.started_at)}
                    </time>
                    <span className="execution-request" title={`${row.extension_name} ${row.path}`}>
                      {row.method} {row.path} <span className="dim">{row.extension_name}</span>
                    </span>
                    <span>
                      <OutcomeTag execution={row} />
                    </span>
                    <span className="number">{row.usage ? formatDuration(row.usage.duration_ms) : "–"}</span>
                    <span className="number">{row.usage?.fuel ? formatCount(row.usage.fuel) : "–"}</span>
                    <span className="number">
                      {row.usage?.memory_bytes ? formatBytes(row.usage.memory_bytes) : "–"}
                    </span>
                  </button>
                </li>
              )
            );
          })}
        </ul>
      </ScrollRegion>
    </div>
  );
}
