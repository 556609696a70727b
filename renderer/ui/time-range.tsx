import { isoOfLocalTime, localTimeOf, type TimeRange } from "../state/time-range.ts";
import "./time-range.css";

export interface TimeRangeFieldsProps {
  readonly value: TimeRange;
  onChange(range: TimeRange): void;
}

/** From when until when, in local time. */
export function TimeRangeFields({ value, onChange }: TimeRangeFieldsProps) {
  return (
    <span className="time-range">
      {(["since", "until"] as const).map((end) => (
        <label key={end}>
          <span className="dim">{end}</span>
          <input
            type="datetime-local"
            step={1}
            value={localTimeOf(value[end])}
            onChange={(event) => onChange({ ...value, [end]: isoOfLocalTime(event.target.value) })}
          />
        </label>
      ))}
    </span>
  );
}
