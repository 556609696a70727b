import { showCombination } from "../../state/key-combination.ts";
import type { Findable } from "../../state/search.ts";
import { isMac } from "../../ui/platform.ts";
import type { WindowContext } from "../../window-context.ts";

/** The commands that can be run now, those of the screen before those of the frame. */
export function findableCommands({
  commands,
  shortcuts,
}: Pick<WindowContext, "commands" | "shortcuts">): readonly Findable[] {
  return commands
    .get()
    .filter(({ id, isEnabled }) => id !== "palette.open" && isEnabled?.() !== false)
    .map((command) => {
      const combination = shortcuts.of(command);
      return {
        id: `command:${command.id}`,
        group: command.group,
        title: command.title,
        commandLine: command.commandLine,
        shortcut: combination && showCombination(combination, isMac),
        run: () => command.run(),
      };
    });
}
