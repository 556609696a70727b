import type { PolicyViolation } from "../../../core/contract/rpc/preview.ts";
import type { ConsoleLine } from "../../state/preview/bridge-state.ts";
import { formatTime } from "../../ui/format.ts";
import { Notice } from "../../ui/notice.tsx";
import { ScrollRegion } from "../../ui/scroll-region.tsx";
import { Tag } from "../../ui/tag.tsx";

export interface ConsoleTableProps {
  readonly lines: readonly ConsoleLine[];
  readonly violations: readonly PolicyViolation[];
}

const LEVELS: Record<
  ConsoleLine["level"],
  { readonly tone: "bad" | "warn" | "host" | "plain"; readonly word: string }
> = {
  error: { tone: "bad", word: "✕ error" },
  warn: { tone: "warn", word: "! warn" },
  info: { tone: "host", word: "info" },
  log: { tone: "plain", word: "log" },
  debug: { tone: "plain", word: "debug" },
};

/** What the page printed, what failed in it, and what its own content policy refused, in the order of time. */
export function ConsoleTable({ lines, violations }: ConsoleTableProps) {
  if (lines.length === 0 && violations.length === 0) {
    return (
      <Notice title="The page has printed nothing, and its content policy has refused nothing.">
        <p>
          console.log() of the page and errors that it does not catch are shown here. A runner elsewhere that
          serves the page does not pass them on: there, choose the frame in the browser's developer tools.
        </p>
      </Notice>
    );
  }
  const rows = [
    ...lines.map((line) => ({ at: line.at, row: <LineRow key={`line ${line.key}`} line={line} /> })),
    ...violations.map((violation) => ({
      at: violation.at,
      row: <ViolationRow key={`violation ${violation.id}`} violation={violation} />,
    })),
  ].sort((a, b) => a.at.localeCompare(b.at));
  return (
    <ScrollRegion className="preview-rows" aria-label="Console of the frame and violations of its policy">
      <table>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">What</th>
            <th scope="col">Text</th>
          </tr>
        </thead>
        <tbody>{rows.map(({ row }) => row)}</tbody>
      </table>
    </ScrollRegion>
  );
}

function LineRow({ line: { at, level, text } }: { readonly line: ConsoleLine }) {
  const { tone, word } = LEVELS[level];
  return (
    <tr>
      <td>
        <time dateTime={at}>{formatTime(at)}</time>
      </td>
      <td>
        <Tag tone={tone}>{word}</Tag>
      </td>
      <td className="preview-line mono">{text}</td>
    </tr>
  );
}

function ViolationRow({ violation }: { readonly violation: PolicyViolation }) {
  const { at, directive, blocked, source, line, column } = violation;
  const where = [source, line, column].filter((part) => part !== undefined).join(":");
  return (
    <tr>
      <td>
        <time dateTime={at}>{formatTime(at)}</time>
      </td>
      <td>
        <Tag tone="bad">✕ {directive}</Tag>
      </td>
      <td className="preview-line mono">
        <span>{blocked}</span> {where && <span className="dim">at {where}</span>}
      </td>
    </tr>
  );
}
