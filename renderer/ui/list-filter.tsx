import { useState } from "react";
import { hasWords } from "../state/words.ts";
import "./list-filter.css";

/** From so many items on, a list has a field that narrows it. */
const LONG_LIST = 12;

export interface ListFilter<Item> {
  /** Those that have every word that was typed; all of them while none was. */
  readonly found: readonly Item[];
  /** What `ListFilterField` is given; absent for a list that is seen at a glance. */
  readonly field?: ListFilterFieldProps;
}

/** @param textOf what of an item is looked in */
export function useListFilter<Item>(
  items: readonly Item[],
  what: string,
  textOf: (item: Item) => string,
): ListFilter<Item> {
  const [text, setText] = useState("");
  if (items.length < LONG_LIST) return { found: items };
  const found = items.filter((item) => hasWords(textOf(item), text));
  return { found, field: { what, text, found: found.length, onText: setText } };
}

interface ListFilterFieldProps {
  /** What is listed, in the plural. */
  readonly what: string;
  readonly text: string;
  readonly found: number;
  onText(text: string): void;
}

export function ListFilterField({ what, text, found, onText }: ListFilterFieldProps) {
  return (
    <div className="list-filter">
      <input
        type="search"
        aria-label={`Find ${what}`}
        placeholder={`Find ${what}`}
        value={text}
        onChange={(event) => onText(event.target.value)}
      />
      <p role="status" className="dim">
        {text.trim() !== "" && (found === 0 ? `No ${what} have all these words.` : `${found} found`)}
      </p>
    </div>
  );
}
