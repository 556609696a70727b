import { useId } from "react";
import "./segments.css";

export interface SegmentsProps<Option extends string> {
  readonly legend: string;
  readonly options: readonly Option[];
  readonly value: Option;
  onChange(option: Option): void;
}

/** A choice of few: native radio buttons, so that the arrow keys and the screen reader know them. */
export function Segments<Option extends string>({ legend, options, value, onChange }: SegmentsProps<Option>) {
  const name = useId();
  return (
    <fieldset className="segments">
      <legend className="visually-hidden">{legend}</legend>
      {options.map((option) => (
        <label key={option}>
          <input type="radio" name={name} checked={option === value} onChange={() => onChange(option)} />
          <span>{option}</span>
        </label>
      ))}
    </fieldset>
  );
}
