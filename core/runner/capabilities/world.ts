import type { Capability } from "../../contract/capability.ts";

/**
 * The WIT world `alga:extension/runner` as data: for every interface the capability that it needs, where it is
 * answered, and for every function what a caller without the capability gets. The behaviour is in the file named
 * after the interface; that this table and those files agree is checked by the compiler.
 */

/** How a denied call ends: as the interface's own error case, as an ordinary answer, or as the end of the call. */
export type Denial =
  | { readonly refuse: string }
  | { readonly answer: unknown }
  /** For functions that have no way to say no. */
  | { readonly trap: true };

interface InterfaceShape {
  readonly capability: Capability;
  /** `guest`: from what the worker was handed; `runner`: by the runner's main thread, with a round trip. */
  readonly answeredBy: "guest" | "runner";
  readonly functions: Readonly<Record<string, Denial>>;
}

const denied = { refuse: "denied" } as const;
const notAllowed = { refuse: "not-allowed" } as const;
const trap = { trap: true } as const;
const deniedRecord = { answer: { success: false, error: "denied" } } as const;

export const WORLD = {
  context: { capability: "cap:context.read", answeredBy: "guest", functions: { getContext: trap } },
  logging: {
    capability: "cap:log.emit",
    answeredBy: "guest",
    functions: { logInfo: trap, logWarn: trap, logError: trap },
  },
  user: { capability: "cap:user.read", answeredBy: "guest", functions: { getUser: notAllowed } },
  "user-v2": { capability: "cap:user.read", answeredBy: "guest", functions: { getUser: notAllowed } },
  secrets: {
    capability: "cap:secrets.get",
    answeredBy: "runner",
    functions: { get: denied, listKeys: { answer: [] } },
  },
  http: { capability: "cap:http.fetch", answeredBy: "runner", functions: { fetch: notAllowed } },
  storage: {
    capability: "cap:storage.kv",
    answeredBy: "runner",
    functions: { get: denied, put: denied, delete: denied, listEntries: denied },
  },
  "ui-proxy": { capability: "cap:ui.proxy", answeredBy: "runner", functions: { callRoute: denied } },
  scheduler: {
    capability: "cap:scheduler.manage",
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
    capability: "cap:invoice.manual.create",
    answeredBy: "runner",
    functions: { createManualInvoice: deniedRecord },
  },
  clients: {
    capability: "cap:client.read",
    answeredBy: "runner",
    functions: { listClients: notAllowed, getClient: notAllowed },
  },
  services: {
    capability: "cap:service.read",
    answeredBy: "runner",
    functions: { listServices: notAllowed, getService: notAllowed },
  },
  metrics: { capability: "cap:metrics.emit", answeredBy: "runner", functions: { record: trap } },
} as const satisfies Record<string, InterfaceShape>;

export type InterfaceName = keyof typeof WORLD;
export type InterfacesAnsweredBy<Where extends "guest" | "runner"> = {
  [Name in InterfaceName]: (typeof WORLD)[Name]["answeredBy"] extends Where ? Name : never;
}[InterfaceName];

export const INTERFACE_NAMES = Object.keys(WORLD) as InterfaceName[]; // keys of a literal: no others exist
