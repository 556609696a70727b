import type { SecretEnvelope } from "../contract/execute.ts";
import type { Clock } from "../platform/clock.ts";
import { type EnvelopeScope, sealEnvelope } from "./envelope.ts";
import type { InstallSecrets } from "./install-secrets.ts";

/** How long past its execution's deadline an envelope opens: dispatch, queueing, clocks that differ a little. */
const ENVELOPE_SLACK_MS = 60_000;

export interface SecretsBrokerOptions {
  secrets: Pick<InstallSecrets, "open">;
  clock: Clock;
  /** Asked at each call: an embedded runner gets a new token at every start. */
  serviceToken(): string;
}

export interface SecretsBroker {
  /**
   * The install's secrets, sealed for the runner and for this one execution; `undefined` when it has none.
   * Ask only for an install that holds `cap:secrets.get`. `timeoutMs` is the execution's deadline.
   * Errors: `secret_unreadable`.
   */
  envelopeFor(scope: EnvelopeScope, timeoutMs: number): SecretEnvelope | undefined;
}

/** Hands secrets to the runner without either side keeping plaintext: opened here, sealed again at once. */
export function createSecretsBroker({ secrets, clock, serviceToken }: SecretsBrokerOptions): SecretsBroker {
  return {
    envelopeFor(scope, timeoutMs) {
      const opened = secrets.open(scope.install_id);
      if (opened.size === 0) return undefined;
      const expiresAt = new Date(clock.now().getTime() + timeoutMs + ENVELOPE_SLACK_MS);
      return sealEnvelope(opened, serviceToken(), scope, expiresAt);
    },
  };
}
