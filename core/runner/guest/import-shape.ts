import { INTERFACE_NAMES } from "../../contract/capability.ts";
import { WORLD } from "../capabilities/world.ts";
import type { ComponentImports } from "../component/index.ts";
import { INTERFACE_PACKAGE } from "./host-imports.ts";
import { createWasi } from "./wasi/index.ts";

/** Every function and type that an execution may link, without an execution behind them. */
export function importShape(): ComponentImports {
  const nothing = () => undefined;
  const host = Object.fromEntries(
    INTERFACE_NAMES.map((name) => [
      `${INTERFACE_PACKAGE}/${name}`,
      Object.fromEntries(Object.keys(WORLD[name].functions).map((fn) => [fn, nothing])),
    ]),
  );
  return {
    ...host,
    ...createWasi({ write: nothing, clock: { now: () => 0n, wall: () => 0 } }),
  };
}
