export { RegistryError, type RegistryErrorCode, RegistryRefusal } from "./errors.ts";
export type {
  BundleContent,
  BundleObjects,
  BundleReader,
  BundleVerifier,
  InstallSecretWriter,
  RegistryOptions,
  TenantDirectory,
  VerifyRequest,
} from "./ports.ts";
export { createRegistry, type Registry } from "./registry.ts";
export type {
  EventSubscription,
  ExtensionEntry,
  InstallDetails,
  InstallRequest,
  InstallResult,
  InstallSettings,
  InstallTarget,
  PublishRequest,
  PublishResult,
  UninstallResult,
  VersionEntry,
} from "./shapes.ts";
export type { Reverification } from "./validity.ts";
