import { HostRefusal, HostTrap } from "../capabilities/host-outcome.ts";
import { INTERFACE_NAMES, type InterfaceName, WORLD } from "../capabilities/world.ts";
import type { CallRecorder } from "../journal/call-recorder.ts";
import type { CallHost } from "./host-bridge.ts";

export const INTERFACE_PACKAGE = "alga:extension";

export interface HostImportsOptions {
  /** Answers the interfaces that need no round trip; throws refusals and traps. */
  readonly answer: (name: string, fn: string, args: readonly unknown[]) => unknown;
  /** Asks the main thread for the others. */
  readonly callHost: CallHost;
  /** Before every host call. @throws HostTrap to end the execution. */
  readonly onCall: () => void;
  /** Writes every call down. */
  readonly recorder: Pick<CallRecorder, "observe">;
  /** Why a call was refused, for the extension's log. */
  readonly onRefusal: (reason: string) => void;
}

export type ComponentImports = Record<string, Record<string, unknown>>;

/**
 * Every function of the world, by interface, ready to be linked. A trap is remembered: a component that catches
 * the exception and goes on meets it again at its next host call.
 */
export function createHostImports(options: HostImportsOptions): {
  readonly imports: ComponentImports;
  trap(): HostTrap | undefined;
} {
  let trap: HostTrap | undefined;

  const link = (name: InterfaceName, fn: string) => {
    const local = WORLD[name].answeredBy === "guest";
    return (...args: unknown[]) => {
      if (trap !== undefined) throw trap;
      try {
        return options.recorder.observe(name, fn, args, () => {
          options.onCall();
          return local ? options.answer(name, fn, args) : open(options.callHost(name, fn, args));
        });
      } catch (error) {
        if (error instanceof HostRefusal && error.message !== error.payload) options.onRefusal(error.message);
        if (error instanceof HostTrap) trap = error;
        throw error;
      }
    };
  };

  const imports: ComponentImports = {};
  for (const name of INTERFACE_NAMES) {
    imports[`${INTERFACE_PACKAGE}/${name}`] = Object.fromEntries(
      Object.keys(WORLD[name].functions).map((fn) => [fn, link(name, fn)]),
    );
  }
  return { imports, trap: () => trap };
}

function open(outcome: ReturnType<CallHost>): unknown {
  if (outcome.kind === "value") return outcome.value;
  if (outcome.kind === "refusal") throw new HostRefusal(outcome.payload, outcome.reason);
  throw new HostTrap(outcome.code, outcome.message);
}
