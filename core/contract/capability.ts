import { z } from "zod";

/** Every capability the world knows, in the normal form with the `cap:` prefix. */
export const CAPABILITIES = [
  "cap:context.read",
  "cap:log.emit",
  "cap:user.read",
  "cap:secrets.get",
  "cap:http.fetch",
  "cap:storage.kv",
  "cap:ui.proxy",
  "cap:scheduler.manage",
  "cap:invoice.manual.create",
  "cap:client.read",
  "cap:service.read",
  "cap:metrics.emit",
] as const;

export const capabilitySchema = z.enum(CAPABILITIES);
export type Capability = z.infer<typeof capabilitySchema>;

/** Granted to every install without being asked for. */
export const DEFAULT_CAPABILITIES: readonly Capability[] = [
  "cap:context.read",
  "cap:log.emit",
  "cap:user.read",
];

/** Normal form of a capability written with or without `cap:`; `undefined` when it is not a known one. */
export function normaliseCapability(name: string): Capability | undefined {
  const candidate = name.startsWith("cap:") ? name : `cap:${name}`;
  return CAPABILITIES.find((known) => known === candidate);
}

/** Capability behind each interface of the world; `types` holds no functions. The one list of interfaces that there is. */
export const INTERFACE_CAPABILITIES = {
  context: "cap:context.read",
  logging: "cap:log.emit",
  user: "cap:user.read",
  "user-v2": "cap:user.read",
  secrets: "cap:secrets.get",
  http: "cap:http.fetch",
  storage: "cap:storage.kv",
  "ui-proxy": "cap:ui.proxy",
  scheduler: "cap:scheduler.manage",
  invoicing: "cap:invoice.manual.create",
  clients: "cap:client.read",
  services: "cap:service.read",
  metrics: "cap:metrics.emit",
} as const satisfies Readonly<Record<string, Capability>>;

export type InterfaceName = keyof typeof INTERFACE_CAPABILITIES;

export const INTERFACE_NAMES = Object.keys(INTERFACE_CAPABILITIES) as InterfaceName[]; // keys of a literal: no others exist

/** `name` may be any text, such as what a component claims to import. */
export function isInterfaceName(name: string): name is InterfaceName {
  return Object.hasOwn(INTERFACE_CAPABILITIES, name);
}
