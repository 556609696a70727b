import type { Usage } from "../../../core/contract/execute.ts";
import { type TimeShare, timeShares } from "../../state/executions/waterfall.ts";
import { formatDuration } from "../../ui/format.ts";

const WORDS: Record<TimeShare["part"], string> = {
  guest: "the extension's own code",
  host: "host calls",
  runner: "the runner",
};

/** Guest and host time side by side: the words say it all, the strip makes it quicker to see. */
export function TimeSplit({ usage }: { readonly usage: Usage }) {
  const shares = timeShares(usage);
  if (shares === undefined) return <p className="dim">This runner does not tell guest from host time.</p>;
  return (
    <>
      <div className="time-strip" aria-hidden>
        {shares.map(({ part, share }) => (
          <span key={part} className={`time-${part}`} style={{ width: `${share}%` }} />
        ))}
      </div>
      <ul className="time-legend">
        {shares.map(({ part, ms, share }) => (
          <li key={part} className={`legend-${part}`}>
            {WORDS[part]} {formatDuration(ms)} ({share.toFixed(0)} %)
          </li>
        ))}
      </ul>
    </>
  );
}
