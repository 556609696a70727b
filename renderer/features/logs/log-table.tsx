import { memo, useLayoutEffect, useRef } from "react";
import type { LogEvent, LogLevel } from "../../../core/contract/log-event.ts";
import type { LogLine } from "../../state/log-lines.ts";
import { formatTime } from "../../ui/format.ts";
import { ScrollRegion } from "../../ui/scroll-region.tsx";
import { Tag, type Tone } from "../../ui/tag.tsx";

const TONES: Record<LogLevel, Tone> = { debug: "plain", info: "accent", warn: "warn", error: "bad" };
/** As close to the end as this counts as being there; a fraction of a line, in CSS pixels. */
const AT_END_PX = 8;

/** Follows the newest line as long as the reader is at the end; scrolled up, it stays where it is read. */
export function LogTable({ lines }: { readonly lines: readonly LogLine[] }) {
  const scroller = useRef<HTMLElement>(null);
  const isAtEnd = useRef(true);
  const newest = lines.at(-1)?.key;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new line is what makes the list longer
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element && isAtEnd.current) element.scrollTop = element.scrollHeight;
  }, [newest]);

  return (
    <ScrollRegion
      className="pane-body log-lines"
      ref={scroller}
      aria-label="Log lines"
      onScroll={({ currentTarget: element }) => {
        isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < AT_END_PX;
      }}
    >
      <table>
        <thead className="visually-hidden">
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Level</th>
            <th scope="col">Request</th>
            <th scope="col">Stream</th>
            <th scope="col">Message</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ key, event }) => (
            <Line key={key} event={event} />
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

const Line = memo(function Line({ event }: { readonly event: LogEvent }) {
  return (
    <tr>
      <td className="dim">
        <time dateTime={event.ts}>{formatTime(event.ts)}</time>
      </td>
      <td>
        <Tag tone={TONES[event.level]}>{event.level}</Tag>
      </td>
      <td className="dim" title={event.request_id}>
        {event.request_id.slice(0, 8)}
      </td>
      <td>{event.stream === "host" ? <Tag tone="host">host</Tag> : event.stream}</td>
      <td className="log-message">
        {event.message}
        {event.truncated && <span className="dim"> … cut at the limit</span>}
      </td>
    </tr>
  );
});
