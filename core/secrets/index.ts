export { createSecretsBroker, type SecretsBroker, type SecretsBrokerOptions } from "./broker.ts";
export { type EnvelopeScope, openEnvelope, type Secrets } from "./envelope.ts";
export { SecretError, type SecretErrorCode } from "./errors.ts";
export { createInstallSecrets, type InstallSecrets, type InstallSecretsOptions } from "./install-secrets.ts";
export { createRedactor, type Redactor } from "./redactor.ts";
