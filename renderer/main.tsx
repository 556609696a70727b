import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/jetbrains-mono/wght.css";
import "./ui/tokens.css";
import "./ui/base.css";
import { createRoot } from "react-dom/client";
import { z } from "zod";
import { App } from "./app.tsx";
import { createHostApi } from "./client.ts";
import { WithoutToken } from "./features/frame/without-token.tsx";
import { findHost } from "./session.ts";
import { createThemeChoice } from "./state/theme.ts";
import { systemTimers } from "./state/timers.ts";
import { createWorkbenchState } from "./state/workbench.ts";

// The page's policy forbids code from strings, which the schema library would otherwise try for speed.
z.config({ jitless: true });

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
  const api = createHostApi(host, { fetch: fetch.bind(window), timers: systemTimers });
  const state = createWorkbenchState({ api, storage: sessionStorage, timers: systemTimers });
  state.start();
  root.render(<App host={host} state={state} theme={theme} />);
}
