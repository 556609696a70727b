export { MAX_UPLOADS_PER_TENANT, UPLOAD_EXPIRES_MS } from "./control/staged-uploads.ts";
export { HostError, type HostErrorCode } from "./errors.ts";
export { createHostServer, type HostServer, type HostServerOptions } from "./host-server.ts";
export type {
  HostBundles,
  HostCallers,
  HostExecutions,
  HostGateway,
  HostLogs,
  HostPorts,
  HostRegistry,
  LocalUploadSigner,
} from "./ports.ts";
