export type { GatewayCall, GatewayResult } from "./call.ts";
export { GatewayError } from "./errors.ts";
export { createGateway, type Gateway } from "./gateway.ts";
export type {
  CallerDirectory,
  ExecutionRecorder,
  ExecutionScope,
  GatewayPorts,
  InstallDirectory,
  Runner,
  ScopeRegistry,
  SecretSource,
  UsageLedger,
  VersionMarker,
} from "./ports.ts";
export { DEADLINE_GRACE_MS } from "./steps/dispatch.ts";
