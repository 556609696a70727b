import { type ReactNode, useId } from "react";
import "./pane.css";

export interface PaneProps {
  readonly title: string;
  /** Grid area of the frame that the pane fills. */
  readonly area: string;
  /** Beside the title: states and figures. */
  readonly facts?: ReactNode;
  /** At the right end: actions on the whole pane. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** One region of the frame with its heading; scrolls by itself. */
export function Pane({ title, area, facts, actions, children }: PaneProps) {
  const heading = useId();
  return (
    <section className={`pane area-${area}`} aria-labelledby={heading}>
      <header className="pane-head">
        <h2 id={heading}>{title}</h2>
        {facts}
        {actions && <div className="pane-actions">{actions}</div>}
      </header>
      {children}
    </section>
  );
}
