import { Table, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Command } from "../../state/commands.ts";
import { showCombination } from "../../state/key-combination.ts";
import { Button } from "../../ui/button.tsx";
import { isMac } from "../../ui/platform.ts";
import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";
import { ShortcutField } from "./shortcut-field.tsx";

/** Every command with its shortcut; each can be given another one or none. */
export function ShortcutsSection({ context }: { readonly context: WindowContext }) {
  const { commands, shortcuts } = context;
  const map = useStore(shortcuts);
  const [filter, setFilter] = useState("");
  const words = filter.toLowerCase();
  const shown = useStore(commands).filter(({ title, group }) =>
    `${group} ${title}`.toLowerCase().includes(words),
  );
  return (
    <>
      <p className="dim">
        Commands of a screen are listed while that screen is shown. A browser keeps a few combinations for
        itself.
      </p>
      <div className="row-actions">
        <TextInput
          aria-label="Find a command"
          placeholder="Find a command"
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
        <Button onClick={shortcuts.resetAll} disabled={Object.keys(map).length === 0}>
          Reset all to the defaults
        </Button>
      </div>
      <Table className="settings-table" aria-label="Keyboard shortcuts">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Command</Table.Th>
            <Table.Th>Group</Table.Th>
            <Table.Th>Shortcut</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {shown.map((command) => (
            <ShortcutRow key={command.id} command={command} context={context} />
          ))}
        </Table.Tbody>
      </Table>
      {shown.length === 0 && <p className="dim">No command matches.</p>}
    </>
  );
}

function ShortcutRow({ command, context }: { readonly command: Command; readonly context: WindowContext }) {
  const { shortcuts } = context;
  const [isEditing, setEditing] = useState(false);
  const combination = shortcuts.of(command);
  const conflicts = combination === undefined ? [] : shortcuts.conflictsOf(command, combination);
  const isOwn = shortcuts.get()[command.id] !== undefined;
  return (
    <Table.Tr>
      <Table.Td>{command.title}</Table.Td>
      <Table.Td className="dim">{command.group}</Table.Td>
      <Table.Td>
        {isEditing ? (
          <ShortcutField command={command} shortcuts={shortcuts} onDone={() => setEditing(false)} />
        ) : (
          <div className="shortcut-edit">
            {combination === undefined ? (
              <span className="dim">none</span>
            ) : (
              <kbd>{showCombination(combination, isMac)}</kbd>
            )}
            <Button look="quiet" onClick={() => setEditing(true)} aria-label={`Change: ${command.title}`}>
              Change
            </Button>
            {combination !== undefined && (
              <Button
                look="quiet"
                onClick={() => shortcuts.remap(command.id, null)}
                aria-label={`Remove: ${command.title}`}
              >
                Remove
              </Button>
            )}
            {isOwn && (
              <Button
                look="quiet"
                onClick={() => shortcuts.reset(command.id)}
                aria-label={`Reset: ${command.title}`}
              >
                Reset
              </Button>
            )}
            {conflicts.length > 0 && (
              <span className="settings-warning">
                ! also runs “{conflicts.map(({ title }) => title).join("”, “")}”
              </span>
            )}
          </div>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
