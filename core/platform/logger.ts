import { pino } from "pino";

export type DiagnosticLevel = "debug" | "info" | "warn" | "error" | "silent";

/** The workbench's own diagnostics (not an extension's log lines). Fields must hold no secret. */
export interface Logger {
  debug(fields: Record<string, unknown>, message: string): void;
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}

/** One JSON line an event on standard error, because standard output belongs to a command's answer. */
export function createLogger(level: DiagnosticLevel): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ fd: 2, sync: true }),
  );
}
