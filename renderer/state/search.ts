/** Something that can be found and then done or shown. */
export interface Findable {
  /** Unique among what is searched together. */
  readonly id: string;
  readonly group: string;
  readonly title: string;
  readonly detail?: string | undefined;
  /** Further words that find it. */
  readonly keywords?: string | undefined;
  /** The command line that does or shows the same. */
  readonly commandLine?: string | undefined;
  /** As it is pressed, ready to show. */
  readonly shortcut?: string | undefined;
  run(): void;
}

/**
 * What contains every word of the query, best first: words that begin the title count most, then those that begin a
 * word of it, then those anywhere. Without a query everything, in its own order.
 */
export function find(items: readonly Findable[], query: string, limit: number): readonly Findable[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return items.slice(0, limit);
  return items
    .map((item, index) => ({ item, index, score: scoreOf(item, words) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score || one.index - other.index)
    .slice(0, limit)
    .map(({ item }) => item);
}

function scoreOf(item: Findable, words: readonly string[]): number {
  const title = item.title.toLowerCase();
  const rest = [item.group, item.detail, item.keywords, item.commandLine].join(" ").toLowerCase();
  let total = 0;
  for (const word of words) {
    const place = title.indexOf(word);
    if (place === 0) total += 4;
    else if (place > 0) total += /\W/.test(title[place - 1] ?? "") ? 3 : 2;
    else if (rest.includes(word)) total += 1;
    else return 0;
  }
  return total;
}
