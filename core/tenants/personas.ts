import { z } from "zod";
import { type User, userSchema } from "../contract/execute.ts";
import type { Ids } from "../platform/ids.ts";
import type { Database, PrepareWrite } from "../store/index.ts";
import { TenantError } from "./errors.ts";
import { rememberRows } from "./remembered-rows.ts";

const MAX_PERSONAS = 100;

/** Someone as whom the developer calls an extension. */
export interface Persona {
  readonly id: string;
  readonly tenant_id: string;
  readonly name: string;
  readonly user: User;
}

/** What the developer writes; the tenant fills in its own id. */
export interface PersonaInput {
  name: string;
  user: Omit<User, "tenant_id">;
}

interface PersonaRow {
  id: string;
  tenant_id: string;
  name: string;
  user: string;
}

const inputSchema = z.strictObject({
  name: z.string().trim().min(1).max(100),
  user: userSchema.omit({ tenant_id: true }),
});

/** Owns `persona`. The oldest persona of a tenant is its default one. */
export type Personas = ReturnType<typeof createPersonas>;

export function createPersonas(database: Database, prepareWrite: PrepareWrite, ids: Ids) {
  const sql = {
    list: database.prepare<[string], PersonaRow>("SELECT * FROM persona WHERE tenant_id = ? ORDER BY rowid"),
    get: database.prepare<[string], PersonaRow>("SELECT * FROM persona WHERE id = ?"),
    named: database
      .prepare<[string, string], string>("SELECT id FROM persona WHERE tenant_id = ? AND name = ?")
      .pluck(),
    add: prepareWrite(
      "INSERT INTO persona (id, tenant_id, name, user) VALUES (@id, @tenant_id, @name, @user)",
    ),
    save: prepareWrite("UPDATE persona SET name = @name, user = @user WHERE id = @id"),
    remove: prepareWrite("DELETE FROM persona WHERE id = ?"),
  };

  const rememberedPersona = rememberRows(toPersona);

  function require(personaId: string): Persona {
    const row = sql.get.get(personaId);
    if (row) return rememberedPersona(row);
    throw new TenantError({ code: "persona_not_found", message: "There is no such persona." });
  }

  function check(tenantId: string, input: PersonaInput, except?: string): Omit<PersonaRow, "id"> {
    const parsed = inputSchema.safeParse(input);
    if (!parsed.success) {
      const problems = parsed.error.issues.map((issue) => ({
        path: issue.path.join("."),
        message: issue.message,
      }));
      throw new TenantError({
        code: "persona_invalid",
        message: "The persona is not usable.",
        details: { problems },
      });
    }
    const { name, user } = parsed.data;
    if (user.user_type === "client" && user.client_id === undefined) {
      throw new TenantError({
        code: "persona_invalid",
        message: "A client user belongs to a client: client_id is missing.",
      });
    }
    const taken = sql.named.get(tenantId, name);
    if (taken !== undefined && taken !== except) {
      throw new TenantError({ code: "persona_exists", message: `There is a persona "${name}" already.` });
    }
    return { tenant_id: tenantId, name, user: JSON.stringify({ ...user, tenant_id: tenantId }) };
  }

  const write = {
    add: database.transaction((tenantId: string, input: PersonaInput): Persona => {
      if (sql.list.all(tenantId).length >= MAX_PERSONAS) {
        throw new TenantError({
          code: "persona_invalid",
          message: `A tenant has at most ${MAX_PERSONAS} personas.`,
        });
      }
      const row = { id: ids.uuid(), ...check(tenantId, input) };
      sql.add.run(row);
      return toPersona(row);
    }),
    save: database.transaction((personaId: string, input: PersonaInput): Persona => {
      const row = { id: personaId, ...check(require(personaId).tenant_id, input, personaId) };
      sql.save.run(row);
      return toPersona(row);
    }),
  };

  return {
    list: (tenantId: string): Persona[] => sql.list.all(tenantId).map(toPersona),
    /** Errors: `persona_not_found`. */
    get: require,
    /** Errors: `persona_invalid`, `persona_exists`. */
    add: (tenantId: string, input: PersonaInput): Persona => write.add.immediate(tenantId, input),
    /** Errors: `persona_not_found`, `persona_invalid`, `persona_exists`. */
    save: (personaId: string, input: PersonaInput): Persona => write.save.immediate(personaId, input),
    /** Removes the persona and its API keys. */
    remove: (personaId: string): void => void sql.remove.run(require(personaId).id),
  };
}

function toPersona(row: PersonaRow): Persona {
  return {
    id: row.id,
    tenant_id: row.tenant_id,
    name: row.name,
    user: userSchema.parse(JSON.parse(row.user)),
  };
}
