/** `KEY=VALUE` lines as an editor holds them. */
export interface KeyedLines {
  readonly values: Readonly<Record<string, string>>;
  /** What is wrong, with the line's number. */
  readonly problem?: string;
}

/** Reads one `KEY=VALUE` a line; empty lines and those that begin with `#` are skipped, the last of a key wins. */
export function readKeyedLines(text: string): KeyedLines {
  const values: Record<string, string> = {};
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "" || line.trimStart().startsWith("#")) continue;
    const equals = line.indexOf("=");
    if (equals < 1) return { values, problem: `Line ${index + 1} is not KEY=VALUE.` };
    const key = line.slice(0, equals).trim();
    if (Object.hasOwn(values, key)) return { values, problem: `Line ${index + 1} repeats the key ${key}.` };
    values[key] = line.slice(equals + 1);
  }
  return { values };
}

export function writeKeyedLines(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}=${value}`)
    .join("\n");
}

/** What turns one set into the other; `null` removes a key. Empty when they are the same. */
export function changesBetween(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): Record<string, string | null> {
  const removed = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
  const set = Object.entries(after).filter(([key, value]) => before[key] !== value);
  return { ...Object.fromEntries(removed.map((key) => [key, null])), ...Object.fromEntries(set) };
}

/** One entry a line, as an egress list is written. */
export function readLines(text: string): string[] {
  return text
    .split(/[\s,]+/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
