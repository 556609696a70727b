import { useCallback } from "react";
import type { LogView } from "../../state/logs/log-view.ts";
import { useStore } from "../../ui/use-store.ts";
import type { ScreenProps } from "../../window-context.ts";
import { LogBrowser } from "./log-browser.tsx";

/** The log as a screen, with commands for it. */
export function LogsScreen({ context }: ScreenProps) {
  const { state, navigation, commands } = context;
  const { params } = useStore(navigation);
  const registerCommands = useCallback(
    (view: LogView) =>
      commands.register([
        {
          id: "logs.pause",
          title: "Pause or resume the log",
          group: "Logs",
          run: () => (view.get().paused ? view.resume() : view.pause()),
        },
        { id: "logs.clear", title: "Clear the log on screen", group: "Logs", run: state.logs.clear },
      ]),
    [commands, state],
  );
  return (
    <LogBrowser
      context={context}
      asked={params.request === undefined ? undefined : `request:${params.request}`}
      onView={registerCommands}
    />
  );
}
