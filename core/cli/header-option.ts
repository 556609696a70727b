import { UsageError } from "./terminal.ts";

/** A header as `name: value`. */
export function headerOf(text: string): { name: string; value: string } {
  const split = text.indexOf(":");
  if (split < 1) throw new UsageError(`"${text}" is not a header.`, "Write it as 'name: value'.");
  return { name: text.slice(0, split).trim(), value: text.slice(split + 1).trim() };
}
