import type { ReactNode } from "react";
import "./tab-row.css";

export interface TabRowProps {
  /** The list of tabs, which may hold nothing but tabs. */
  readonly children: ReactNode;
  /** Actions at the right end, on what the tabs show. */
  readonly end: ReactNode;
}

/** Tabs and, beside them on the same line, what is no tab. */
export function TabRow({ children, end }: TabRowProps) {
  return (
    <div className="tab-row">
      {children}
      <div className="tab-row-end">{end}</div>
    </div>
  );
}
