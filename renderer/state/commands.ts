import { createStore, type Readable } from "./store.ts";

/** One thing that the user can do: in the palette, by a shortcut, and as a command line where there is one. */
export interface Command {
  /** Stable, e.g. `project.open`. Shortcuts are remapped by it. */
  readonly id: string;
  readonly title: string;
  /** Group in the palette. */
  readonly group: string;
  /** Default shortcut in Mantine's spelling, e.g. `mod+shift+P`. */
  readonly shortcut?: string;
  /** The command line that does the same, ready to copy. */
  readonly commandLine?: string;
  /** The one action of a screen that the top bar offers as a button; the newest one wins. */
  readonly isPrimary?: boolean;
  /** Whether it can be run now; default: yes. Asked when the user is about to. */
  isEnabled?(): boolean;
  run(): void;
}

export interface Commands extends Readable<readonly Command[]> {
  /** Adds commands while a screen is there; the answer takes them back. */
  register(commands: readonly Command[]): () => void;
}

export function createCommands(): Commands {
  const store = createStore<readonly Command[]>([]);
  return {
    get: store.get,
    subscribe: store.subscribe,
    register(added) {
      store.update((current) => [...current, ...added]);
      return () => store.update((current) => current.filter((command) => !added.includes(command)));
    },
  };
}
