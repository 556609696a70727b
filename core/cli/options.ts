import { InvalidArgumentError } from "commander";

/** Parsers of option values; each refuses with what was expected, which ends in exit code 2. */

export function parseTime(text: string): Date {
  const time = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text) || Number.isNaN(time.getTime())) {
    throw new InvalidArgumentError("Expected an ISO 8601 time such as 2026-01-31T12:00:00Z.");
  }
  return time;
}

export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new InvalidArgumentError("Expected a port from 0 to 65535.");
  return port;
}

export function parsePositive(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || !Number.isSafeInteger(value)) {
    throw new InvalidArgumentError("Expected a whole number of at least 1.");
  }
  return value;
}

/** `K=V`, collected into a record; the value may hold further `=`. */
export function collectPair(text: string, collected: Record<string, string> = {}): Record<string, string> {
  const split = text.indexOf("=");
  if (split < 1) throw new InvalidArgumentError("Expected KEY=VALUE.");
  return { ...collected, [text.slice(0, split)]: text.slice(split + 1) };
}

export function collect(text: string, collected: readonly string[] = []): string[] {
  return [...collected, text];
}
