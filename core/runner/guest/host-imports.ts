import {
  type Capability,
  INTERFACE_CAPABILITIES,
  INTERFACE_NAMES,
  type InterfaceName,
} from "../../contract/capability.ts";
import { HostRefusal, HostTrap } from "../capabilities/host-outcome.ts";
import { WORLD } from "../capabilities/world.ts";
import type { CallRecorder } from "../journal/call-recorder.ts";
import type { CallHost } from "./host-bridge.ts";
import type { WasiFetch } from "./wasi/index.ts";

export const INTERFACE_PACKAGE = "alga:extension";

export interface HostImportsOptions {
  /** Answers the interfaces that need no round trip; throws refusals and traps. */
  readonly answer: (name: string, fn: string, args: readonly unknown[]) => unknown;
  /** Asks the main thread for the others. */
  readonly callHost: CallHost;
  readonly granted: ReadonlySet<Capability>;
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
 *
 * A denied capability is an ordinary error to the guest, which may cope with it. What the guest did with it cannot be
 * seen from outside, so the denial is remembered until the guest asks the host for something else: a handler that
 * fails before that has failed over the denial. Writing a line about it is not asking for something else.
 */
export function createHostImports(options: HostImportsOptions): {
  readonly imports: ComponentImports;
  /** `http.fetch`, for the engines' own. */
  readonly fetch: WasiFetch;
  trap(): HostTrap | undefined;
  /** Why the last thing that the guest asked for was denied; `undefined` when it was not. */
  denial(): string | undefined;
} {
  let trap: HostTrap | undefined;
  let denial: string | undefined;

  const link = (name: InterfaceName, fn: string) => {
    const local = WORLD[name].answeredBy === "guest";
    return (...args: unknown[]) => {
      if (trap !== undefined) throw trap;
      if (name !== "logging") denial = undefined;
      try {
        return options.recorder.observe(name, fn, args, () => {
          options.onCall();
          return local ? options.answer(name, fn, args) : open(options.callHost(name, fn, args));
        });
      } catch (error) {
        if (error instanceof HostRefusal && error.message !== error.payload) options.onRefusal(error.message);
        if (error instanceof HostRefusal && !options.granted.has(INTERFACE_CAPABILITIES[name]))
          denial = error.message;
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
  // Our own runner's side of `http.fetch` answers a response of the world's type.
  const fetch: WasiFetch = (request) => link("http", "fetch")(request) as ReturnType<WasiFetch>;
  return { imports, fetch, trap: () => trap, denial: () => denial };
}

function open(outcome: ReturnType<CallHost>): unknown {
  if (outcome.kind === "value") return outcome.value;
  if (outcome.kind === "refusal") throw new HostRefusal(outcome.payload, outcome.reason);
  throw new HostTrap(outcome.code, outcome.message);
}
