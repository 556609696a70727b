import type { ReactNode } from "react";
import {
  type ComparedFigureName,
  compareFigures,
  compareTraces,
} from "../../../core/contract/execution-comparison.ts";
import type { ExecutionRecord } from "../../../core/contract/execution-record.ts";
import { commandLine } from "../../state/command-line.ts";
import { Command } from "../../ui/command.tsx";
import { formatBytes, formatCount, formatDuration, formatTime, shortHash } from "../../ui/format.ts";
import { ScrollRegion } from "../../ui/scroll-region.tsx";
import { OutcomeTag } from "./outcome-tag.tsx";

export interface ComparisonViewProps {
  readonly left: ExecutionRecord;
  readonly right: ExecutionRecord;
}

const FIGURES: Record<ComparedFigureName, readonly [words: string, format: (value: number) => string]> = {
  duration_ms: ["duration", formatDuration],
  fuel: ["fuel, units", formatCount],
  memory_bytes: ["memory, peak", formatBytes],
  egress_bytes: ["egress", formatBytes],
  host_calls: ["host calls", formatCount],
  log_lines: ["log lines", formatCount],
};

/** Two executions beside one another; what differs is marked in words too. */
export function ComparisonView({ left, right }: ComparisonViewProps) {
  return (
    <ScrollRegion className="pane-body comparison" aria-label="Comparison">
      <table>
        <thead>
          <tr>
            <th scope="col">Of</th>
            <th scope="col">{formatTime(left.started_at)}</th>
            <th scope="col">{formatTime(right.started_at)}</th>
            <th scope="col">Difference</th>
          </tr>
        </thead>
        <tbody>
          <Line
            name="request"
            left={`${left.method} ${left.path}`}
            right={`${right.method} ${right.path}`}
            differs={left.method !== right.method || left.path !== right.path}
          />
          <Line
            name="outcome"
            left={<OutcomeTag execution={left} />}
            right={<OutcomeTag execution={right} />}
            differs={left.status !== right.status || left.code !== right.code}
          />
          <Line
            name="content hash"
            left={hash(left)}
            right={hash(right)}
            differs={left.content_hash !== right.content_hash}
          />
          {compareFigures(left.usage, right.usage).map((figure) => {
            const [name, format] = FIGURES[figure.what];
            return (
              <Line
                key={figure.what}
                name={name}
                left={figure.left === undefined ? "–" : format(figure.left)}
                right={figure.right === undefined ? "–" : format(figure.right)}
                differs={figure.differs}
                by={percent(figure.change_percent)}
              />
            );
          })}
          {compareTraces(left.trace, right.trace).map(({ rule, left: one, right: other, differs }) => (
            <Line
              key={rule}
              name={rule.replaceAll("_", " ")}
              left={verdict(one)}
              right={verdict(other)}
              differs={differs}
            />
          ))}
        </tbody>
      </table>
      <Command
        text={commandLine(["workbench", "executions", "compare", left.id, right.id])}
        what="the command that compares these executions"
      />
    </ScrollRegion>
  );
}

interface LineProps {
  readonly name: string;
  readonly left: ReactNode;
  readonly right: ReactNode;
  readonly differs: boolean;
  readonly by?: string | undefined;
}

function Line({ name, left, right, differs, by }: LineProps) {
  return (
    <tr className={differs ? "differs" : undefined}>
      <th scope="row">{name}</th>
      <td>{left}</td>
      <td>{right}</td>
      <td>{differs ? (by ?? "≠ differs") : <span className="dim">=</span>}</td>
    </tr>
  );
}

function verdict(decision: ExecutionRecord["trace"][number] | undefined): ReactNode {
  if (decision === undefined) return <span className="dim">not reached</span>;
  return `${decision.outcome === "deny" ? "✕" : "✓"} ${decision.detail}`;
}

function hash({ content_hash }: ExecutionRecord): ReactNode {
  return <code title={content_hash}>{content_hash === "" ? "–" : shortHash(content_hash)}</code>;
}

function percent(change: number | undefined): string | undefined {
  if (change === undefined) return undefined;
  return `${change > 0 ? "+" : "−"}${Math.abs(change).toFixed(1)} %`;
}
