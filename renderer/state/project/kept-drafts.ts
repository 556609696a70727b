import type { Draft } from "./draft-store.ts";

/** A draft as the browser keeps it. */
export interface KeptDraft extends Draft {
  /** Id of the tab that it was typed in. */
  readonly tab: string;
  /** When it was last typed at, in milliseconds. */
  readonly at: number;
}

/**
 * The drafts that a tab opens a project with: its own, and for files that it has none of, the newest of a tab that is
 * no more. What is being typed in another open tab is that tab's.
 */
export function draftsFor<Kept extends KeptDraft>(
  kept: readonly Kept[],
  tab: string,
  open: ReadonlySet<string>,
): readonly Kept[] {
  const chosen = new Map<string, Kept>();
  const isBetter = (one: Kept, other: Kept | undefined): boolean =>
    other === undefined || (other.tab !== tab && (one.tab === tab || one.at > other.at));
  for (const draft of kept) {
    const isOurs = draft.tab === tab || !open.has(draft.tab);
    if (isOurs && isBetter(draft, chosen.get(draft.path))) chosen.set(draft.path, draft);
  }
  return [...chosen.values()];
}
