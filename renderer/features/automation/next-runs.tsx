import { formatMoment } from "../../ui/format.ts";

export interface NextRunsProps {
  readonly runs: readonly string[];
  readonly timezone: string;
}

/** The next occurrences, in the reader's time and in the schedule's. */
export function NextRuns({ runs, timezone }: NextRunsProps) {
  if (runs.length === 0) return <span className="dim">none</span>;
  return (
    <ul className="automation-next" aria-label="Next runs">
      {runs.map((run) => (
        <li key={run}>
          <time dateTime={run}>{formatMoment(run)}</time>{" "}
          <span className="dim">
            here · {formatMoment(run, timezone)} {timezone}
          </span>
        </li>
      ))}
    </ul>
  );
}
