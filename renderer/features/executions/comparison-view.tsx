import type { ReactNode } from "react";
import type { ExecutionRecord } from "../../../core/contract/execution-record.ts";
import { changeInPercent, compareTraces } from "../../state/executions/comparison.ts";
import { formatBytes, formatCount, formatDuration, formatTime, shortHash } from "../../ui/format.ts";
import { ScrollRegion } from "../../ui/scroll-region.tsx";
import { OutcomeTag } from "./outcome-tag.tsx";

export interface ComparisonViewProps {
  readonly left: ExecutionRecord;
  readonly right: ExecutionRecord;
}

const FIGURES = [
  ["duration", "duration_ms", formatDuration],
  ["fuel, units", "fuel", formatCount],
  ["memory, peak", "memory_bytes", formatBytes],
  ["egress", "egress_bytes", formatBytes],
  ["host calls", "host_calls", formatCount],
  ["log lines", "log_lines", formatCount],
] as const;

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
          {FIGURES.map(([name, key, format]) => {
            const [one, other] = [left.usage?.[key], right.usage?.[key]];
            return (
              <Line
                key={key}
                name={name}
                left={one === undefined ? "–" : format(one)}
                right={other === undefined ? "–" : format(other)}
                differs={one !== other}
                by={percent(changeInPercent(one, other))}
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
