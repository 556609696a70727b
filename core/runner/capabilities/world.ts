import type { InterfaceName } from "../../contract/capability.ts";

/**
 * The WIT world `alga:extension/runner` as data: for every interface where it is answered (which capability it
 * needs, the contract says), and for every function what a caller without the capability gets. The behaviour is in the file named
 * after the interface; that this table and those files agree is checked by the compiler.
 */

/** How a denied call ends: as the interface's own error case, as an ordinary answer, or as the end of the call. */
export type Denial =
  | { readonly refuse: string }
  | { readonly answer: unknown }
  /** For functions that have no way to say no. */
  | { readonly trap: true };

interface InterfaceShape {
  /** `guest`: from what the worker was handed; `runner`: by the runner's main thread, with a round trip. */
  readonly answeredBy: "guest" | "runner";
  readonly functions: Readonly<Record<string, Denial>>;
}

const denied = { refuse: "denied" } as const;
const notAllowed = { refuse: "not-allowed" } as const;
const trap = { trap: true } as const;
const deniedRecord = { answer: { success: false, error: "denied" } } as const;

export const WORLD = {
  context: { answeredBy: "guest", functions: { getContext: trap } },
  logging: {
    answeredBy: "guest",
    functions: { logInfo: trap, logWarn: trap, logError: trap },
  },
  user: { answeredBy: "guest", functions: { getUser: notAllowed } },
  "user-v2": { answeredBy: "guest", functions: { getUser: notAllowed } },
  secrets: {
    answeredBy: "runner",
    functions: { get: denied, listKeys: { answer: [] } },
  },
  http: { answeredBy: "runner", functions: { fetch: notAllowed } },
  storage: {
    answeredBy: "runner",
    functions: { get: denied, put: denied, delete: denied, listEntries: denied },
  },
  "ui-proxy": { answeredBy: "runner", functions: { callRoute: denied } },
  scheduler: {
    answeredBy: "runner",
    functions: {
      listSchedules: denied,
      getSchedule: denied,
      createSchedule: deniedRecord,
      updateSchedule: deniedRecord,
      deleteSchedule: deniedRecord,
      getEndpoints: denied,
    },
  },
  invoicing: {
    answeredBy: "runner",
    functions: { createManualInvoice: deniedRecord },
  },
  clients: {
    answeredBy: "runner",
    functions: { listClients: notAllowed, getClient: notAllowed },
  },
  services: {
    answeredBy: "runner",
    functions: { listServices: notAllowed, getService: notAllowed },
  },
  metrics: { answeredBy: "runner", functions: { record: trap } },
} as const satisfies Record<InterfaceName, InterfaceShape>;

export type InterfacesAnsweredBy<Where extends "guest" | "runner"> = {
  [Name in InterfaceName]: (typeof WORLD)[Name]["answeredBy"] extends Where ? Name : never;
}[InterfaceName];
