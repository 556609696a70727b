import type { LogItem } from "../../../core/contract/log-query.ts";
import { formatTime } from "../../ui/format.ts";
import { LevelTag } from "./level-tag.tsx";
import "./log-lines.css";

/** The lines of one call: few enough to stand whole. */
export function LogRows({ lines }: { readonly lines: readonly LogItem[] }) {
  return (
    <ul className="log-rows" aria-label="Log lines of this request">
      {lines.map((line) => (
        <li key={line.id}>
          <time className="dim" dateTime={line.ts}>
            {formatTime(line.ts)}
          </time>
          <LevelTag level={line.level} />
          <span className="log-row-message">
            {line.message}
            {line.truncated && <span className="dim"> … cut at the limit</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
