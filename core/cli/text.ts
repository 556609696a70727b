/** Thin space between thousands: long figures stay readable and copyable units stay apart. */
const THIN_SPACE = "\u2009";
const UNITS = ["B", "KiB", "MiB", "GiB"] as const;

/** Controls, and marks that reorder what is read: with them text takes over a terminal or shows what it does not say. */
const UNPRINTABLE = /(?![\n\t])[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/** Text of whatever origin as a terminal may have it: line breaks and tabs stay, other controls are spelt out. */
export function printable(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(UNPRINTABLE, spelt);
}

/** The same where a line break would let the text pass for a line of ours. */
export function oneLine(text: string): string {
  return printable(text).replace(/[\n\t]/g, spelt);
}

/** A text of several lines under a heading of ours, the lines after the first set in. */
export function setIn(text: string): string {
  return printable(text).replaceAll("\n", "\n    ");
}

/** One line of JSON. Its own escapes leave some of these controls as they are; spelt out it says the same. */
export function jsonLine(document: unknown): string {
  return JSON.stringify(document).replace(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function spelt(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, THIN_SPACE);
}

export function bytes(value: number): string {
  let figure = value;
  let unit = 0;
  while (figure >= 1024 && unit < UNITS.length - 1) {
    figure /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? figure : figure.toFixed(1)} ${UNITS[unit]}`;
}

export function milliseconds(value: number): string {
  return `${value < 10 ? value.toFixed(2) : Math.round(value)} ms`;
}

/** Left-aligned columns under their headings; the words "none" when there is no row. */
export function table(headings: readonly string[], given: readonly (readonly string[])[]): string {
  if (given.length === 0) return "none";
  const rows = given.map((row) => row.map(oneLine));
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return [line(headings), line(widths.map((width) => "─".repeat(width))), ...rows.map(line)].join("\n");
}
