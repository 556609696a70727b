export { MAX_UPLOADS_PER_TENANT, UPLOAD_EXPIRES_MS } from "./control/staged-uploads.ts";
export { createHostServer, type HostServer } from "./host-server.ts";
export type { HostPorts } from "./ports.ts";
export type { SettingsPort } from "./rpc/settings-ports.ts";
