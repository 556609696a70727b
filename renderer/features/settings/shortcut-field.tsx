import { type KeyboardEvent, useState } from "react";
import type { Command } from "../../state/commands.ts";
import { combinationOf, showCombination } from "../../state/key-combination.ts";
import type { Shortcuts } from "../../state/shortcuts.ts";
import { Button } from "../../ui/button.tsx";
import { isMac } from "../../ui/platform.ts";

export interface ShortcutFieldProps {
  readonly command: Command;
  readonly shortcuts: Shortcuts;
  onDone(): void;
}

/** Records what is pressed. Tab leaves and Escape gives up, so that nobody is caught in the field. */
export function ShortcutField({ command, shortcuts, onDone }: ShortcutFieldProps) {
  const [pressed, setPressed] = useState<string>();
  const conflicts = pressed === undefined ? [] : shortcuts.conflictsOf(command, pressed);
  const record = (event: KeyboardEvent): void => {
    if (event.key === "Tab") return;
    event.preventDefault();
    const isConfirmed = event.key === "Enter" && pressed !== undefined && !event.ctrlKey && !event.metaKey;
    const combination = combinationOf(event, isMac);
    if (event.key === "Escape") onDone();
    else if (isConfirmed) save();
    else if (combination !== undefined) setPressed(combination);
  };
  const save = (): void => {
    if (pressed !== undefined) shortcuts.remap(command.id, pressed);
    onDone();
  };
  return (
    <div className="shortcut-edit">
      <input
        // The user has just asked to press keys.
        // biome-ignore lint/a11y/noAutofocus: see above
        autoFocus
        readOnly
        data-records-shortcut
        aria-label={`New shortcut: ${command.title}`}
        placeholder="Press the keys"
        value={pressed === undefined ? "" : showCombination(pressed, isMac)}
        onKeyDown={record}
      />
      <Button look="primary" disabled={pressed === undefined} onClick={save}>
        Save
      </Button>
      <Button onClick={onDone}>Cancel</Button>
      {conflicts.length > 0 && (
        <span className="settings-warning" role="alert">
          ! already runs “{conflicts.map(({ title }) => title).join("”, “")}”; the newer command wins
        </span>
      )}
    </div>
  );
}
