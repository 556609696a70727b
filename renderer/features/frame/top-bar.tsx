import { Button, Menu } from "@mantine/core";
import { IconHelp, IconSearch } from "@tabler/icons-react";
import { SCREENS } from "../../screens.ts";
import { callerOf } from "../../state/caller.ts";
import { showCombination } from "../../state/key-combination.ts";
import { isMac } from "../../ui/platform.ts";
import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";
import { CallerMenu } from "./caller-menu.tsx";
import { PrimaryAction } from "./primary-action.tsx";
import { SigningKeyPill } from "./signing-key.tsx";
import "./top-bar.css";

/** What one works on and as whom, the way to everything else, and the one action of the screen. */
export function TopBar({ context }: { readonly context: WindowContext }) {
  const { data } = useStore(context.state.host);
  const project = useStore(context.project);
  const choice = useStore(context.caller);
  const caller = data && callerOf(choice, data);
  return (
    <header className="top-bar">
      <h1 title={project?.dir}>
        {project?.name ?? "Extension Workbench"}
        {project !== undefined && project.unsaved > 0 && (
          <span className="dim"> {`● ${project.unsaved} unsaved`}</span>
        )}
      </h1>
      {data && caller && <CallerMenu host={data} caller={caller} choice={context.caller} />}
      <PaletteButton context={context} />
      <div className="top-bar-end">
        <SigningKeyPill context={context} />
        <HelpMenu context={context} />
        <PrimaryAction commands={context.commands} />
      </div>
    </header>
  );
}

function PaletteButton({ context }: { readonly context: WindowContext }) {
  useStore(context.shortcuts);
  const palette = useStore(context.commands).find(({ id }) => id === "palette.open");
  const combination = palette && context.shortcuts.of(palette);
  return (
    <button type="button" className="palette-button" onClick={() => palette?.run()}>
      <IconSearch size={14} aria-hidden />
      Search or run a command
      {combination && <kbd>{showCombination(combination, isMac)}</kbd>}
    </button>
  );
}

function HelpMenu({ context: { navigation } }: { readonly context: WindowContext }) {
  if (!SCREENS.has("help") && !SCREENS.has("welcome")) return null;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="subtle" color="gray" leftSection={<IconHelp size={15} aria-hidden />}>
          Help
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {SCREENS.has("welcome") && <Menu.Item onClick={() => navigation.go("welcome")}>Welcome</Menu.Item>}
        {SCREENS.has("help") && <Menu.Item onClick={() => navigation.go("help")}>Documentation</Menu.Item>}
        <Menu.Item onClick={() => navigation.go("settings", { section: "shortcuts" })}>
          Keyboard shortcuts
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
