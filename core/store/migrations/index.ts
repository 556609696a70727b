import { initialSchema } from "./0001-initial.ts";

/** In order; a migration that has shipped never changes. `user_version` counts those applied. */
export const MIGRATIONS: readonly string[] = [initialSchema];
