import type { ReactNode } from "react";
import "./list-item.css";

export interface ListItemProps {
  readonly name: ReactNode;
  readonly isSelected: boolean;
  onSelect(): void;
  /** Below the name: facts and tags. */
  readonly children: ReactNode;
}

/** One thing of a list at a screen's side, which the screen shows when it is pressed. */
export function ListItem({ name, isSelected, onSelect, children }: ListItemProps) {
  return (
    <button type="button" className="list-item" aria-pressed={isSelected} onClick={onSelect}>
      <span className="list-item-name">{name}</span>
      {children}
    </button>
  );
}
