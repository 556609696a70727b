import { memo, useLayoutEffect, useRef } from "react";
import { shortId } from "../../../core/contract/short-id.ts";
import type { LogLine } from "../../state/log-lines.ts";
import { formatTime } from "../../ui/format.ts";
import { ScrollRegion } from "../../ui/scroll-region.tsx";
import { Tag } from "../../ui/tag.tsx";
import { LevelTag } from "./level-tag.tsx";
import { useRowWindow } from "./use-row-window.ts";
import "./log-lines.css";

/** Every line is one row of this height in CSS pixels; a long message stands whole in the line's detail. */
const ROW_PX = 22;
/** As close to the end as this counts as being there. */
const AT_END_PX = ROW_PX;

export interface LogTableProps {
  readonly lines: readonly LogLine[];
  /** Key of the line whose detail is shown. */
  readonly selected?: number | undefined;
  onSelect?(line: LogLine): void;
}

/** Follows the newest line as long as the reader is at the end; scrolled up, it stays where it is read. */
export function LogTable({ lines, selected, onSelect }: LogTableProps) {
  const scroller = useRef<HTMLElement>(null);
  const isAtEnd = useRef(true);
  const newest = lines.at(-1)?.key;
  const { first, end, onScroll } = useRowWindow(scroller, lines.length, ROW_PX);

  const linesBefore = useRef(lines);
  // Scrolled up, what is read stays where it is while lines above it are let go.
  useLayoutEffect(() => {
    const element = scroller.current;
    const before = linesBefore.current;
    linesBefore.current = lines;
    const oldest = lines[0]?.key;
    if (!element || isAtEnd.current || oldest === undefined || before[0]?.key === oldest) return;
    const gone = before.findIndex(({ key }) => key >= oldest);
    if (gone > 0) element.scrollTop = Math.max(0, element.scrollTop - gone * ROW_PX);
  }, [lines]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new line is what makes the list longer
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || !isAtEnd.current) return;
    element.scrollTop = element.scrollHeight;
    onScroll();
  }, [newest, lines.length, onScroll]);

  return (
    <ScrollRegion
      className="pane-body log-lines"
      ref={scroller}
      aria-label="Log lines"
      onScroll={({ currentTarget: element }) => {
        isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < AT_END_PX;
        onScroll();
      }}
    >
      <div className="log-canvas" style={{ height: lines.length * ROW_PX }}>
        <div className="log-window" style={{ transform: `translateY(${first * ROW_PX}px)` }}>
          {lines.slice(first, end).map((line) => (
            <Line key={line.key} line={line} isSelected={line.key === selected} onSelect={onSelect} />
          ))}
        </div>
      </div>
    </ScrollRegion>
  );
}

interface LineProps {
  readonly line: LogLine;
  readonly isSelected: boolean;
  readonly onSelect: ((line: LogLine) => void) | undefined;
}

const Line = memo(function Line({ line, isSelected, onSelect }: LineProps) {
  const { event } = line;
  const content = (
    <>
      <time className="dim" dateTime={event.ts}>
        {formatTime(event.ts)}
      </time>
      <span>
        <LevelTag level={event.level} />
      </span>
      <span className="dim" title={event.request_id}>
        {shortId(event.request_id)}
      </span>
      <span>{event.stream === "host" ? <Tag tone="host">host</Tag> : event.stream}</span>
      <span className="log-message">
        {event.message}
        {event.truncated && <span className="dim"> … cut at the limit</span>}
      </span>
    </>
  );
  return onSelect ? (
    <button type="button" className="log-line" aria-pressed={isSelected} onClick={() => onSelect(line)}>
      {content}
    </button>
  ) : (
    <div className="log-line">{content}</div>
  );
});
