import type { InstalledExtension } from "../contract/install.ts";
import type { GatewayResult } from "./call.ts";
import type { ExecutionRecorder } from "./ports.ts";

/** Somebody who counts. Must be quick and must not throw. */
export interface GatewayObserver {
  /** A call was answered. @param install absent where it resolved to none */
  answered(install: InstalledExtension | undefined, result: GatewayResult): void;
  /** A row of the execution log was written. */
  rowWritten(): void;
}

/** The same recorder, each of whose writes is told to the observers when it has been made. */
export function observedRecorder(
  recorder: ExecutionRecorder,
  observers: ReadonlySet<GatewayObserver>,
): ExecutionRecorder {
  const told = async (written: Promise<void>): Promise<void> => {
    await written;
    for (const observer of observers) observer.rowWritten();
  };
  return {
    begin: (start) => told(recorder.begin(start)),
    finish: (id, end) => told(recorder.finish(id, end)),
    record: (start, end) => told(recorder.record(start, end)),
  };
}
