import { Menu } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import type { HostState } from "../../../core/contract/rpc.ts";
import type { CallerChoice, callerOf } from "../../state/caller.ts";

export interface CallerMenuProps {
  readonly host: HostState;
  readonly caller: ReturnType<typeof callerOf>;
  readonly choice: CallerChoice;
}

/** Tenant and persona that requests are made as. */
export function CallerMenu({ host, caller: { tenant, persona, personas }, choice }: CallerMenuProps) {
  return (
    <>
      <Menu>
        <Menu.Target>
          <button type="button" className="pill">
            tenant <strong>{tenant.name}</strong> <IconChevronDown size={12} aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {host.tenants.map(({ id, name, is_development }) => (
            <Menu.Item
              key={id}
              aria-current={id === tenant.id ? "true" : undefined}
              onClick={() => choice.chooseTenant(id)}
            >
              {id === tenant.id ? "✓ " : ""}
              {name}
              {is_development && <span className="dim"> development</span>}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {persona && (
        <Menu>
          <Menu.Target>
            <button type="button" className="pill">
              persona <strong>{persona.name}</strong> <IconChevronDown size={12} aria-hidden />
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            {personas.map(({ id, name, user_type }) => (
              <Menu.Item
                key={id}
                aria-current={id === persona.id ? "true" : undefined}
                onClick={() => choice.choosePersona(id)}
              >
                {id === persona.id ? "✓ " : ""}
                {name} <span className="dim">{user_type === "client" ? "client portal" : "internal"}</span>
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  );
}
