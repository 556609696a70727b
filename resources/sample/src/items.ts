import { delete as remove, get, listEntries, put } from "alga:extension/storage";

export interface Item {
  id: string;
  text: string;
  urgent: boolean;
  author: string | null;
  /** ISO 8601. */
  at: string;
}

const NAMESPACE = "items";
const MAX_TEXT_CHARACTERS = 500;
const MAX_ITEMS = 200;
const ID_DIGITS = 6;

/** Urgent ones first, then the newest. */
export function listItems(): Item[] {
  return entries().sort((a, b) => Number(b.urgent) - Number(a.urgent) || b.id.localeCompare(a.id));
}

export function readItem(id: string): Item | undefined {
  try {
    return decoded(get(NAMESPACE, id).value);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export function addItem(given: Omit<Item, "id">): { item: Item } | { problem: string } {
  if (given.text === "") return { problem: "A note needs a text." };
  if (given.text.length > MAX_TEXT_CHARACTERS) return { problem: `A note has at most ${MAX_TEXT_CHARACTERS} characters.` };
  const present = entries();
  if (present.length >= MAX_ITEMS) return { problem: `There are ${MAX_ITEMS} notes; close some first.` };
  const last = present.reduce((highest, item) => Math.max(highest, Number(item.id)), 0);
  const item = { id: String(last + 1).padStart(ID_DIGITS, "0"), ...given };
  put({ namespace: NAMESPACE, key: item.id, value: new TextEncoder().encode(JSON.stringify(item)) });
  return { item };
}

/** Removes a note and answers what it was. */
export function closeItem(id: string): Item | undefined {
  const item = readItem(id);
  if (item !== undefined) remove(NAMESPACE, id);
  return item;
}

function entries(): Item[] {
  const items: Item[] = [];
  let cursor: string | undefined;
  for (;;) {
    const page = listEntries(NAMESPACE, cursor);
    items.push(...page.map(({ value }) => decoded(value)));
    cursor = page.at(-1)?.key;
    if (cursor === undefined) return items;
  }
}

const decoded = (value: Uint8Array): Item => JSON.parse(new TextDecoder().decode(value)) as Item;

/** Both engines throw an error that carries the WIT error case. */
const isMissing = (error: unknown): boolean => (error as { payload?: unknown } | null)?.payload === "missing";
