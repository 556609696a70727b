import { useId } from "react";
import type { InstalledExtension } from "../../../core/contract/install.ts";
import { callerOf } from "../../state/caller.ts";
import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";

/** Whom the request is sent as: personas of the tenant that has the extension installed. */
export function PersonaField({
  context,
  install,
}: {
  readonly context: WindowContext;
  readonly install: InstalledExtension;
}) {
  const id = useId();
  const host = useStore(context.state.host).data;
  const choice = useStore(context.caller);
  if (host === undefined) return undefined;
  const { persona, personas } = callerOf({ tenantId: install.tenant_id, personaId: choice.personaId }, host);
  return (
    <span className="persona-field">
      <label htmlFor={id}>Persona</label>
      <select
        id={id}
        value={persona?.id ?? ""}
        onChange={(event) => {
          if (choice.tenantId !== install.tenant_id) context.caller.chooseTenant(install.tenant_id);
          context.caller.choosePersona(event.target.value);
        }}
      >
        {personas.map(({ id: personaId, name, user_type }) => (
          <option key={personaId} value={personaId}>
            {name} ({user_type === "client" ? "client portal" : "internal"})
          </option>
        ))}
      </select>
    </span>
  );
}
