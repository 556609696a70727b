// Taken while there are globals: a guest's worker is left without.
const Members = Proxy;

/**
 * An interface that links and does nothing: every type exists and cannot be made, every function traps by name.
 * Toolchains import interfaces whether or not anything uses them.
 */
export function unavailable(name: string): Record<string, unknown> {
  return new Members<Record<string, unknown>>(
    {},
    {
      get: (_target, member) => {
        if (typeof member !== "string") return undefined;
        // jco names types in upper and functions in lower camel case.
        if (/^[A-Z]/.test(member)) return class Unavailable {};
        return () => {
          throw new Error(`${name} is not available to extensions`);
        };
      },
    },
  );
}
