import {
  type Capability,
  INTERFACE_CAPABILITIES,
  type InterfaceName,
  isInterfaceName,
} from "../../contract/capability.ts";
import { HostRefusal, HostTrap } from "./host-outcome.ts";
import { type Denial, WORLD } from "./world.ts";

/** The behaviour of one interface: a function for each name in the world's table. Arguments are untrusted. */
export type HostInterface<Name extends InterfaceName, Scope> = {
  readonly [Fn in keyof (typeof WORLD)[Name]["functions"]]: (scope: Scope, ...args: unknown[]) => unknown;
};

export type HostInterfaces<Names extends InterfaceName, Scope> = {
  readonly [Name in Names]: HostInterface<Name, Scope>;
};

/**
 * Answers calls of one execution, on either side of the worker's boundary.
 * The capability is asked for here and nowhere else, before the interface's own code sees the call.
 * @throws HostRefusal or HostTrap; whatever else the interface's code throws.
 */
export function createDispatcher<Names extends InterfaceName, Scope>(
  interfaces: HostInterfaces<Names, Scope>,
  granted: ReadonlySet<Capability>,
  scope: Scope,
): (name: string, fn: string, args: readonly unknown[]) => unknown {
  return (name, fn, args) => {
    if (!Object.hasOwn(interfaces, name) || !isInterfaceName(name)) throw unknownFunction(name, fn);
    const shape = WORLD[name as Names]; // one of its own keys, as just checked
    const denials: Readonly<Record<string, Denial>> = shape.functions;
    const denial = Object.hasOwn(denials, fn) ? denials[fn] : undefined;
    if (denial === undefined) throw unknownFunction(name, fn);
    const capability = INTERFACE_CAPABILITIES[name];
    if (!granted.has(capability)) return deny(denial, name, capability);
    // The mapped type knows every function by name; the name was just checked against the same table.
    const functions = interfaces[name as Names] as Record<
      string,
      (scope: Scope, ...args: unknown[]) => unknown
    >;
    return functions[fn]?.(scope, ...args);
  };
}

function deny(denial: Denial, name: string, capability: Capability): unknown {
  if ("answer" in denial) return denial.answer;
  const reason = `${name} needs the capability ${capability}, which this install was not granted`;
  if ("refuse" in denial) throw new HostRefusal(denial.refuse, reason);
  throw new HostTrap("capability_denied", reason);
}

function unknownFunction(name: string, fn: string): HostTrap {
  return new HostTrap("bad_handler", `the world has no function ${name.slice(0, 64)}.${fn.slice(0, 64)}`);
}
