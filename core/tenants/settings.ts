import type { Database } from "../store/index.ts";
import { TenantError } from "./errors.ts";

/** Written by features under names of their own; `default_tenant_id` is this feature's. */
const NAME = /^[a-z][a-z0-9_.]{0,63}$/;
const MAX_VALUE_CHARACTERS = 64 * 1024;

/** Owns `setting`: a name, a text. What the text means is its feature's business. */
export interface Settings {
  get(name: string): string | undefined;
  /** Errors: `setting_invalid`. */
  set(name: string, value: string): void;
  remove(name: string): void;
  all(): ReadonlyMap<string, string>;
}

export function createSettings({ database }: { database: Database }): Settings {
  const sql = {
    get: database.prepare<[string], string>("SELECT value FROM setting WHERE key = ?").pluck(),
    all: database.prepare<[], { key: string; value: string }>("SELECT key, value FROM setting ORDER BY key"),
    set: database.prepare(
      "INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
    ),
    remove: database.prepare("DELETE FROM setting WHERE key = ?"),
  };
  return {
    get: (name) => sql.get.get(name),
    set(name, value) {
      if (!NAME.test(name) || value.length > MAX_VALUE_CHARACTERS) {
        throw new TenantError({
          code: "setting_invalid",
          message: "The setting is not well-formed.",
          details: {
            expected: `a name like ${NAME.source} and a value of at most ${MAX_VALUE_CHARACTERS} characters`,
          },
        });
      }
      sql.set.run(name, value);
    },
    remove: (name) => void sql.remove.run(name),
    all: () => new Map(sql.all.all().map(({ key, value }) => [key, value])),
  };
}
