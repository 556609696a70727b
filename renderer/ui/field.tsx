import { type ReactNode, useId } from "react";
import "./field.css";

/** What ties a control to its label and to what is wrong with it. */
export interface FieldIds {
  readonly id: string;
  readonly "aria-invalid"?: true;
  readonly "aria-describedby"?: string;
}

export interface FieldProps {
  readonly label: string;
  readonly note?: string | undefined;
  /** What is wrong with the value, in words. */
  readonly problem?: string | undefined;
  readonly children: (ids: FieldIds) => ReactNode;
}

export function Field({ label, note, problem, children }: FieldProps) {
  const id = useId();
  const problemId = useId();
  return (
    <div className="field">
      <div className="field-label">
        <label htmlFor={id}>{label}</label>
        {note && <span className="dim">{note}</span>}
      </div>
      {children(problem === undefined ? { id } : { id, "aria-invalid": true, "aria-describedby": problemId })}
      {problem !== undefined && (
        <p className="field-problem" id={problemId} role="alert">
          ✕ {problem}
        </p>
      )}
    </div>
  );
}
