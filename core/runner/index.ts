export {
  createHostBroker,
  type HostBroker,
  type HostBrokerOptions,
  type UiDirectory,
} from "./broker/host-broker.ts";
export { createStorageAnswers } from "./broker/storage-answers.ts";
export { createStorageRepository, type StorageRepository } from "./broker/storage-repository.ts";
export { createUiProxyAnswers, proxyErrorOf } from "./broker/ui-proxy-answers.ts";
export type { RunnerError, RunnerErrorCode } from "./errors.ts";
export { createHttpRunnerClient, type HttpRunnerClientOptions, type RunnerClient } from "./http-client.ts";
export { extensionLabel } from "./server/authority.ts";
export {
  createRunnerSupervisor,
  type RunnerState,
  type RunnerStatus,
  type RunnerSupervisorOptions,
  type Supervisor,
} from "./supervisor/supervisor.ts";
