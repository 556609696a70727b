import type { App } from "electron";

/** The part of Electron's `app` that the lock needs. */
export type InstanceApp = Pick<App, "requestSingleInstanceLock" | "on">;

/**
 * One workbench a user: two hosts over one home would compete for the database and the ports.
 * Answers false when another instance runs; that one then calls its `onSecond` with the second one's command line.
 */
export function setupSingleInstance(app: InstanceApp, onSecond: (argv: readonly string[]) => void): boolean {
  if (!app.requestSingleInstanceLock()) return false;
  app.on("second-instance", (_event, argv) => onSecond(argv));
  return true;
}
