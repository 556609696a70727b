/** Whether every word of the query stands somewhere in the text, without case; so does none at all. */
export function hasWords(text: string, query: string): boolean {
  const hay = text.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => hay.includes(word));
}
