/** Thin space between thousands: long figures stay readable and copyable units stay apart. */
const THIN_SPACE = "\u2009";
const UNITS = ["B", "KiB", "MiB", "GiB"] as const;

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
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "none";
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
