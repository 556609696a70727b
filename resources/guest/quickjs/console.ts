/** `console` for an engine without one: each call is one line of the extension's log. */
import { logError, logInfo, logWarn } from "alga:extension/logging";

function shown(value: unknown): string {
  if (typeof value === "string") return value;
  if (value instanceof Error) return value.stack ? `${value}\n${value.stack}` : String(value);
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}

const line =
  (log: (message: string) => void) =>
  (...values: unknown[]): void =>
    log(values.map(shown).join(" "));

const lines = {
  debug: line(logInfo),
  log: line(logInfo),
  info: line(logInfo),
  trace: line(logInfo),
  warn: line(logWarn),
  error: line(logError),
  assert: (condition: unknown, ...values: unknown[]) => {
    if (!condition) line(logError)("Assertion failed:", ...values);
  },
};

Object.assign(globalThis, { console: lines });
