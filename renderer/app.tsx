import { useEffect } from "react";
import type { HostAddress } from "../core/contract/host-address.ts";
import { ExtensionPane } from "./features/extensions/extension-pane.tsx";
import { Banners } from "./features/frame/banners.tsx";
import { StatusBar } from "./features/frame/status-bar.tsx";
import { TopBar } from "./features/frame/top-bar.tsx";
import { LogPane } from "./features/logs/log-pane.tsx";
import { RequestPane } from "./features/requests/request-pane.tsx";
import { ResponsePane } from "./features/requests/response-pane.tsx";
import type { ThemeChoice } from "./state/theme.ts";
import type { WorkbenchState } from "./state/workbench.ts";
import "./app.css";

export interface AppProps {
  readonly host: HostAddress;
  readonly state: WorkbenchState;
  readonly theme: ThemeChoice;
}

/** The frame: bars above and below, panes between. A screen that comes later is one more area of the same grid. */
export function App({ host, state, theme }: AppProps) {
  useEffect(() => {
    // Another program (the command line, above all) may have changed what is installed in the meantime.
    window.addEventListener("focus", state.refresh);
    return () => window.removeEventListener("focus", state.refresh);
  }, [state]);

  return (
    <div className="frame">
      <TopBar state={state} theme={theme} />
      <Banners state={state} />
      <main className="panes">
        <ExtensionPane state={state} />
        <RequestPane state={state} />
        <ResponsePane state={state} />
        <LogPane state={state} />
      </main>
      <StatusBar host={host} state={state} />
    </div>
  );
}
