import { z } from "zod";
import type { HostState } from "../../core/contract/rpc.ts";
import { createStore, type Readable } from "./store.ts";
import type { TextStorage } from "./text-storage.ts";

const KEY = "workbench.caller";

const callerSchema = z
  .object({ tenantId: z.string().optional(), personaId: z.string().optional() })
  .catch({});

/** Whom requests are made as. What is absent is the host's default. */
export interface CallerState {
  readonly tenantId?: string | undefined;
  readonly personaId?: string | undefined;
}

export interface CallerChoice extends Readable<CallerState> {
  chooseTenant(tenantId: string): void;
  choosePersona(personaId: string): void;
}

/** The tenant and persona that this tab works as; a reload keeps them. */
export function createCallerChoice(storage: TextStorage): CallerChoice {
  const store = createStore<CallerState>(callerSchema.parse(parse(storage.getItem(KEY))));
  const set = (state: CallerState): void => {
    storage.setItem(KEY, JSON.stringify(state));
    store.set(state);
  };
  return {
    get: store.get,
    subscribe: store.subscribe,
    chooseTenant: (tenantId) => set({ tenantId }),
    choosePersona: (personaId) => set({ ...store.get(), personaId }),
  };
}

type Tenant = HostState["tenants"][number];
type Persona = HostState["personas"][number];

/** The choice among what the host has now: what it no longer has falls back to its default. */
export function callerOf(
  choice: CallerState,
  host: HostState,
): { readonly tenant: Tenant; readonly persona: Persona | undefined; readonly personas: readonly Persona[] } {
  const tenant = host.tenants.find(({ id }) => id === choice.tenantId) ?? host.tenant;
  const personas = host.personas.filter((persona) => persona.tenant_id === tenant.id);
  return { tenant, personas, persona: personas.find(({ id }) => id === choice.personaId) ?? personas[0] };
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "{}");
  } catch {
    return {};
  }
}
