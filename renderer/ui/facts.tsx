import type { ReactNode } from "react";
import "./facts.css";

export interface FactsProps {
  readonly children: ReactNode;
  /** `rows`: one below the other; `strip`: short ones side by side. */
  readonly layout?: "rows" | "strip";
}

/** Names and values. */
export function Facts({ children, layout = "rows" }: FactsProps) {
  return <dl className={`facts facts-${layout}`}>{children}</dl>;
}

export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
