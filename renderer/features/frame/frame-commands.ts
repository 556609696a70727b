import { SCREENS } from "../../screens.ts";
import { BOTTOM_TABS, type BottomTab } from "../../state/bottom-panel.ts";
import type { Command } from "../../state/commands.ts";
import { THEMES, type Theme } from "../../state/theme.ts";
import type { WindowContext } from "../../window-context.ts";
import { RAIL, type RailId } from "./rail.ts";

const TAB_WORDS: Record<BottomTab, string> = {
  logs: "live log",
  problems: "problems",
  build: "build output",
};
const THEME_WORDS: Record<Theme, string> = {
  system: "the system's theme",
  light: "the light theme",
  dark: "the dark theme",
};

/** The command line that shows what a screen shows, where there is one. */
const SCREEN_COMMAND_LINES: Readonly<Record<string, string>> = {
  logs: "workbench logs",
  executions: "workbench executions list",
  registry: "workbench list",
  keys: "workbench keys list",
  settings: "workbench doctor",
};

const DIGITS = 10;

/** Digits for the first ten, the tenth on 0, as on the keyboard; settings where other editors have theirs. */
function shortcutOf(id: RailId): { shortcut?: string } {
  if (id === "settings") return { shortcut: "mod+," };
  const place = RAIL.findIndex((item) => item.id === id) + 1;
  return place <= DIGITS ? { shortcut: `alt+${place % DIGITS}` } : {};
}

/** What can be done on every screen. */
export function frameCommands(context: WindowContext): readonly Command[] {
  const { bottomPanel, finders, navigation, state, theme, view } = context;
  return [
    {
      id: "palette.open",
      title: "Run a command",
      group: "Find",
      shortcut: "mod+shift+p",
      run: () => finders.open("palette"),
    },
    {
      id: "search.open",
      title: "Search extensions, endpoints, executions, settings",
      group: "Find",
      shortcut: "mod+k",
      run: () => finders.open("search"),
    },
    ...RAIL.filter(({ id }) => SCREENS.has(id)).map(({ id, label }): Command => {
      const commandLine = SCREEN_COMMAND_LINES[id];
      return {
        id: `go.${id}`,
        title: `Go to ${label}`,
        group: "Go",
        ...shortcutOf(id),
        ...(commandLine === undefined ? {} : { commandLine }),
        run: () => navigation.go(id),
      };
    }),
    {
      id: "go.automation",
      title: "Go to Schedules & events",
      group: "Go",
      commandLine: "workbench schedules list",
      run: () => navigation.go("automation"),
    },
    ...(SCREENS.has("welcome")
      ? [{ id: "go.welcome", title: "Go to Welcome", group: "Go", run: () => navigation.go("welcome") }]
      : []),
    ...(SCREENS.has("help")
      ? [
          {
            id: "help.open",
            title: "Read the documentation",
            group: "Help",
            shortcut: "f1",
            commandLine: "workbench --help",
            run: () => navigation.go("help"),
          },
        ]
      : []),
    {
      id: "help.shortcuts",
      title: "Show and change keyboard shortcuts",
      group: "Help",
      run: () => navigation.go("settings", { section: "shortcuts" }),
    },
    {
      id: "requests.reproduction",
      title: "Open reproduction…",
      group: "Requests",
      commandLine: "workbench reproduce call.reproduction.json",
      run: () => navigation.go("requests", { action: "reproduction" }),
    },
    {
      id: "panel.toggle",
      title: "Show or hide the panel below",
      group: "View",
      shortcut: "mod+j",
      run: () => bottomPanel.toggle(),
    },
    ...BOTTOM_TABS.map((tab) => ({
      id: `panel.${tab}`,
      title: `Show the ${TAB_WORDS[tab]} below`,
      group: "View",
      run: () => bottomPanel.show(tab),
    })),
    ...THEMES.map((name) => ({
      id: `theme.${name}`,
      title: `Use ${THEME_WORDS[name]}`,
      group: "View",
      run: () => theme.choose(name),
    })),
    {
      id: "view.larger",
      title: "Zoom in",
      group: "View",
      shortcut: "mod++",
      run: () => view.zoomBy(1),
    },
    {
      id: "view.smaller",
      title: "Zoom out",
      group: "View",
      shortcut: "mod+-",
      run: () => view.zoomBy(-1),
    },
    {
      id: "view.reset",
      title: "Reset the zoom",
      group: "View",
      shortcut: "mod+0",
      run: () => view.resetZoom(),
    },
    {
      id: "view.motion",
      title: "Switch reduced motion on or off",
      group: "View",
      run: () => view.chooseMotion(view.get().motion === "reduced" ? "system" : "reduced"),
    },
    {
      id: "host.refresh",
      title: "Load everything from the host again",
      group: "Host",
      run: () => state.refresh(),
    },
    {
      id: "host.doctor",
      title: "Check this machine",
      group: "Host",
      commandLine: "workbench doctor",
      run: () => navigation.go("settings", { section: "doctor" }),
    },
  ];
}
