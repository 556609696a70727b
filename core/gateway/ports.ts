import type { ExecuteRequest, ExecuteResponse, SecretEnvelope, Usage } from "../contract/execute.ts";
import type { ExecutionEnd, ExecutionStart } from "../contract/execution-record.ts";
import type { InstalledExtension } from "../contract/install.ts";
import type { VerificationCode } from "../contract/verification.ts";
import type { Clock } from "../platform/clock.ts";
import type { ExecutionScope } from "../platform/host-answers.ts";
import type { Ids } from "../platform/ids.ts";
import type { Logger } from "../platform/logger.ts";
import type { Caller, LimitDefaults } from "../policy/index.ts";

export interface CallerDirectory {
  /** Whom an API key names. Compares in constant time or by hash. */
  byApiKey(key: string): Caller | undefined;
}

interface InstallDirectory {
  /** @param ref registry id, install id or extension name, as untrusted text */
  resolve(tenantId: string, ref: string): InstalledExtension | undefined;
}

/** `POST /v1/execute`, wherever the runner is. Rejects with an error whose code is `runner_unavailable`. */
interface Runner {
  execute(request: ExecuteRequest, signal: AbortSignal): Promise<ExecuteResponse>;
}

export interface ExecutionRecorder {
  /** Before dispatch: a crash afterwards leaves the row to be found. Each resolves when the row is safe. */
  begin(start: ExecutionStart): Promise<void>;
  finish(id: string, end: ExecutionEnd): Promise<void>;
  /** A call that was refused, in one write. */
  record(start: ExecutionStart, end: ExecutionEnd): Promise<void>;
}

interface SecretSource {
  /**
   * The install's secrets sealed for the runner and this one execution; `undefined` when it has none. Asked only for
   * an install that holds `cap:secrets.get`.
   */
  envelopeFor(
    scope: { readonly install_id: string; readonly request_id: string; readonly execution_id: string },
    timeoutMs: number,
  ): SecretEnvelope | undefined;
}

interface ScopeRegistry {
  register(executionId: string, scope: ExecutionScope): void;
  release(executionId: string): void;
}

interface VersionMarker {
  /** The runner found that this version does not verify. Called at most once a call. */
  markInvalid(install: InstalledExtension, code: VerificationCode): void;
}

interface UsageLedger {
  record(entry: {
    readonly install: Pick<InstalledExtension, "tenant_id" | "registry_id" | "install_id">;
    readonly at: Date;
    readonly usage: Usage;
    readonly failed: boolean;
  }): void;
  /** Egress of the install in the window of `at`, and how long that window still lasts. */
  egressWindow(installId: string, at: Date): { readonly bytes: number; readonly endsInMs: number };
}

export interface GatewayPorts {
  callers: CallerDirectory;
  installs: InstallDirectory;
  runner: Runner;
  executions: ExecutionRecorder;
  secrets: SecretSource;
  scopes: ScopeRegistry;
  versions: VersionMarker;
  usage: UsageLedger;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  /** Read on every call, so that Settings take effect at once. */
  limits(): LimitDefaults;
  /** A signal that aborts after so many milliseconds. Default: `AbortSignal.timeout`. */
  deadline?(ms: number): AbortSignal;
}
