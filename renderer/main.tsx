import "./no-eval.ts";
import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/jetbrains-mono/wght.css";
import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./ui/tokens.css";
import "./ui/base.css";
import "./ui/motion.css";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { createRpcClient } from "./client.ts";
import { findDesktopShell } from "./desktop-shell.ts";
import { WithoutToken } from "./features/frame/without-token.tsx";
import { createHostConnection } from "./host-connection.ts";
import { createHostApi } from "./rpc-host-api.ts";
import { SCREENS } from "./screens.ts";
import { findHost, keepPastedToken } from "./session.ts";
import { createBottomPanel } from "./state/bottom-panel.ts";
import { createCallerChoice } from "./state/caller.ts";
import { createCommands } from "./state/commands.ts";
import { followLinks } from "./state/deep-links.ts";
import { createFinders } from "./state/finders.ts";
import { followHostChanges } from "./state/host-changes.ts";
import { writeBuildOutput } from "./state/loop/build-lines.ts";
import { createLoop } from "./state/loop/loop.ts";
import { createNavigation } from "./state/navigation.ts";
import { createResource } from "./state/resource.ts";
import { createShortcuts } from "./state/shortcuts.ts";
import { createStore } from "./state/store.ts";
import { createThemeChoice } from "./state/theme.ts";
import { systemTimers } from "./state/timers.ts";
import { createTour } from "./state/tour.ts";
import { createViewChoice } from "./state/view.ts";
import { createWorkbenchState } from "./state/workbench.ts";
import { giveStylesTheirNonce } from "./style-nonce.ts";
import type { OpenProject, WindowContext } from "./window-context.ts";

const container = document.getElementById("root");
if (container === null) throw new Error("index.html has no #root");

giveStylesTheirNonce();
const theme = createThemeChoice(localStorage, (choice) => {
  document.documentElement.dataset.theme = choice;
});
const view = createViewChoice(localStorage, ({ motion, zoom }) => {
  document.documentElement.dataset.motion = motion;
  document.documentElement.style.fontSize = `${zoom}%`;
});
const bridge = "workbench" in window ? window.workbench : undefined;
const shell = findDesktopShell(bridge);
const sources = {
  bridge,
  location,
  history,
  storage: sessionStorage,
};
const host = await findHost(sources);

const root = createRoot(container);
if (host === undefined) {
  root.render(<WithoutToken />);
} else {
  // Asked for again at every connection: the desktop shell and the token form may know another one by then.
  const connection = createHostConnection({ address: async () => (await findHost(sources)) ?? host });
  const client = createRpcClient(connection, systemTimers);
  const api = createHostApi(client);
  const state = createWorkbenchState({ api, storage: sessionStorage, timers: systemTimers });
  const commands = createCommands();
  const loop = createLoop(client);
  const changes = followHostChanges(client);
  const settings = createResource((signal) => client.call("settings.get", {}, signal));
  const navigation = createNavigation("welcome", sessionStorage);
  const reconnect = (address: string): string | undefined => {
    const problem = keepPastedToken(address, sources);
    if (problem === undefined) connection.reopen();
    return problem;
  };
  const context: WindowContext = {
    host,
    client,
    state,
    changes,
    commands,
    loop,
    theme,
    view,
    navigation,
    tour: createTour(navigation, localStorage, (screen) => SCREENS.has(screen)),
    shortcuts: createShortcuts(commands, localStorage),
    caller: createCallerChoice(sessionStorage),
    finders: createFinders(),
    settings,
    bottomPanel: createBottomPanel(localStorage),
    project: createStore<OpenProject | undefined>(undefined),
    session: sessionStorage,
    preferences: localStorage,
    timers: systemTimers,
    ...(shell ? { shell } : { reconnect }),
  };
  state.host.subscribe(() => {
    if (state.host.get().data !== undefined && !state.host.get().loading) void settings.reload();
  });
  changes.subscribe(state.refresh);
  writeBuildOutput(loop, context.bottomPanel);
  loop.follow();
  if (shell) void followLinks(() => shell.nextLink(), navigation);
  state.start();
  root.render(<App context={context} />);
  // The open project is on every screen, its name above and its problems below; it comes after the first paint.
  void import("./features/project/workspace.ts").then(({ workspaceOf }) => workspaceOf(context));
}
