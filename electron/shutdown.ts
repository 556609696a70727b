import type { App } from "electron";

export type ShutdownApp = Pick<App, "on" | "quit">;

/**
 * Lets the host end its executions and close its database before the process goes.
 * A `stop` that fails must not keep the app alive: the store is consistent after a kill at any point.
 */
export function setupShutdown(app: ShutdownApp, platform: NodeJS.Platform, stop: () => Promise<void>): void {
  let state: "running" | "stopping" | "stopped" = "running";
  app.on("before-quit", (event) => {
    if (state === "stopped") return;
    event.preventDefault();
    if (state === "stopping") return;
    state = "stopping";
    const finish = (): void => {
      state = "stopped";
      app.quit();
    };
    stop().then(finish, finish);
  });
  // On macOS an app outlives its windows; elsewhere its last window is the app.
  app.on("window-all-closed", () => {
    if (platform !== "darwin") app.quit();
  });
}
