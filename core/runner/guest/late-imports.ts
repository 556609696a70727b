import type { ComponentImports } from "../component/index.ts";

/** Resource types: the generator names them in upper, functions in lower camel case. */
const TYPE_NAME = /^[A-Z]/;

export interface LateImports {
  /** To be linked: types as they are, functions that lead to what is bound at present. */
  readonly imports: ComponentImports;
  /** Binds one execution's functions; without any, a call throws. */
  bind(imports: ComponentImports | undefined): void;
}

/**
 * Imports for an instance that is made before its execution is known, and that outlives it: what belongs to one
 * execution (grants, log, clock, randomness) is bound for its time only.
 */
export function createLateImports(shape: ComponentImports): LateImports {
  let bound: ComponentImports | undefined;
  const lateFunction = (name: string, fn: string) => {
    return (...args: unknown[]) => {
      const target = bound?.[name]?.[fn];
      if (typeof target !== "function") throw new Error("no execution is under way");
      return target(...args);
    };
  };
  const imports = Object.fromEntries(
    Object.entries(shape).map(([name, members]) => [
      name,
      // One that lists no members answers for every name by itself, and for no execution in particular.
      Object.keys(members).length === 0
        ? members
        : Object.fromEntries(
            Object.entries(members).map(([member, value]) => [
              member,
              TYPE_NAME.test(member) ? value : lateFunction(name, member),
            ]),
          ),
    ]),
  );
  return {
    imports,
    bind(next) {
      bound = next;
    },
  };
}
