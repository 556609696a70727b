import { z } from "zod";
import type { Command, Commands } from "./commands.ts";
import { normaliseCombination } from "./key-combination.ts";
import { createStore, type Readable } from "./store.ts";
import type { TextStorage } from "./text-storage.ts";

const KEY = "workbench.shortcuts";

/** Command id to combination; `null` takes a command's shortcut away. */
const mapSchema = z.record(z.string(), z.string().nullable()).catch({});
type ShortcutMap = Readonly<Record<string, string | null>>;

/** The user's own shortcuts over the defaults of the commands; kept in this browser. */
export interface Shortcuts extends Readable<ShortcutMap> {
  /** The combination that runs the command now. */
  of(command: Command): string | undefined;
  /** The command that a combination runs: the newest one, as a screen's own goes before the frame's. */
  commandFor(combination: string): Command | undefined;
  /** Other commands that the same combination would run. */
  conflictsOf(command: Command, combination: string): readonly Command[];
  /** `null` takes the shortcut away. */
  remap(commandId: string, combination: string | null): void;
  /** Back to the default. */
  reset(commandId: string): void;
  resetAll(): void;
}

export function createShortcuts(commands: Commands, storage: TextStorage): Shortcuts {
  const store = createStore<ShortcutMap>(mapSchema.parse(parse(storage.getItem(KEY))));
  const set = (map: ShortcutMap): void => {
    storage.setItem(KEY, JSON.stringify(map));
    store.set(map);
  };
  const of = (command: Command): string | undefined => {
    const own = store.get()[command.id];
    if (own === null) return undefined;
    return normaliseCombination(own ?? command.shortcut ?? "");
  };
  return {
    get: store.get,
    subscribe: store.subscribe,
    of,
    commandFor: (combination) => commands.get().findLast((command) => of(command) === combination),
    conflictsOf: (command, combination) =>
      commands.get().filter((other) => other.id !== command.id && of(other) === combination),
    remap: (commandId, combination) => set({ ...store.get(), [commandId]: combination }),
    reset(commandId) {
      const { [commandId]: _, ...others } = store.get();
      set(others);
    },
    resetAll: () => set({}),
  };
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "{}");
  } catch {
    return {};
  }
}
