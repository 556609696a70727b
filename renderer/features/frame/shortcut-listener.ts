import { combinationOf } from "../../state/key-combination.ts";
import type { WindowContext } from "../../window-context.ts";

/**
 * Runs commands by their shortcuts until the answer is called. Before anything else on the page hears of the key, so
 * that a shortcut that the user chose works in the editor too; without Ctrl, ⌘ or Alt only outside of text fields.
 */
export function listenForShortcuts(
  { shortcuts, finders }: Pick<WindowContext, "shortcuts" | "finders">,
  isMac: boolean,
): () => void {
  const onKeyDown = (event: KeyboardEvent): void => {
    const combination = combinationOf(event, isMac);
    // Set while the settings record a new shortcut.
    if (combination === undefined || isRecording(event.target)) return;
    if (!/^(mod|ctrl|alt)\+/.test(combination) && !/^f\d+$/.test(combination) && isText(event.target)) return;
    const command = shortcuts.commandFor(combination);
    if (command === undefined || command.isEnabled?.() === false) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.repeat) return;
    if (finders.get() !== undefined) finders.close();
    command.run();
  };
  window.addEventListener("keydown", onKeyDown, { capture: true });
  return () => window.removeEventListener("keydown", onKeyDown, { capture: true });
}

function isRecording(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.dataset.recordsShortcut !== undefined;
}

function isText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input, textarea, select, [role='textbox']"))
  );
}
