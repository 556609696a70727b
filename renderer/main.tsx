import "./no-eval.ts";
import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/jetbrains-mono/wght.css";
import "./ui/tokens.css";
import "./ui/base.css";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { createRpcClient } from "./client.ts";
import { WithoutToken } from "./features/frame/without-token.tsx";
import { createHostApi } from "./rpc-host-api.ts";
import { createHostFetch } from "./rpc-transport.ts";
import { findHost } from "./session.ts";
import { createThemeChoice } from "./state/theme.ts";
import { systemTimers } from "./state/timers.ts";
import { createWorkbenchState } from "./state/workbench.ts";

const container = document.getElementById("root");
if (container === null) throw new Error("index.html has no #root");

const theme = createThemeChoice(localStorage, (choice) => {
  document.documentElement.dataset.theme = choice;
});
const host = await findHost({
  bridge: "workbench" in window ? window.workbench : undefined,
  location,
  history,
  storage: sessionStorage,
});

const root = createRoot(container);
if (host === undefined) {
  root.render(<WithoutToken />);
} else {
  const client = createRpcClient(createHostFetch(host, fetch.bind(window)), systemTimers);
  const api = createHostApi(client);
  const state = createWorkbenchState({ api, storage: sessionStorage, timers: systemTimers });
  state.start();
  root.render(<App host={host} state={state} theme={theme} />);
}
