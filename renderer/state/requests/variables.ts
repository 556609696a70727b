import { z } from "zod";
import { createStore, type Readable } from "../store.ts";
import type { TextStorage } from "../text-storage.ts";

/** Values by name. `{{name}}` in a request stands for one of them. */
export type Variables = Readonly<Record<string, string>>;

const PLACE = /\{\{\s*([A-Za-z_][\w.-]*)\s*\}\}/g;
const KEY = "workbench.variables";

const rowSchema = z.object({ name: z.string(), value: z.string() });
export type VariableRow = z.infer<typeof rowSchema>;
const keptSchema = z.record(z.string(), z.array(rowSchema)).catch({});

export interface Substitution {
  /** The text with every known variable in its place. Values are not looked at again: none can name another. */
  fill(text: string): string;
  /** In words, which variables had no value so far. */
  problem(): string | undefined;
}

export function createSubstitution(variables: Variables): Substitution {
  const missing = new Set<string>();
  return {
    fill: (text) =>
      text.replace(PLACE, (place, name: string) => {
        if (Object.hasOwn(variables, name)) return variables[name] ?? "";
        missing.add(name);
        return place;
      }),
    problem() {
      if (missing.size === 0) return undefined;
      const names = [...missing].map((name) => `{{${name}}}`).join(", ");
      return `There is no value for ${names}. Give it one under Variables.`;
    },
  };
}

/** The rows as values; a row without a name counts for nothing, the last of two with one name wins. */
export function variablesOf(rows: readonly VariableRow[]): Variables {
  return Object.fromEntries(rows.filter(({ name }) => name !== "").map(({ name, value }) => [name, value]));
}

/** Variables by scope (a project's folder or a tenant), kept in this browser and in no file of the project. */
export interface VariableBook extends Readable<Readonly<Record<string, readonly VariableRow[]>>> {
  set(scope: string, rows: readonly VariableRow[]): void;
}

export function createVariableBook(storage: TextStorage): VariableBook {
  const store = createStore<Readonly<Record<string, readonly VariableRow[]>>>(
    keptSchema.parse(parse(storage.getItem(KEY))),
  );
  return {
    get: store.get,
    subscribe: store.subscribe,
    set(scope, rows) {
      store.update((book) => ({ ...book, [scope]: rows }));
      try {
        storage.setItem(KEY, JSON.stringify(store.get()));
      } catch {
        // A full or forbidden storage costs the variables' life beyond a reload, nothing more.
      }
    },
  };
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "{}");
  } catch {
    return {};
  }
}
