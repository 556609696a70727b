import type { ExecuteRequest, ExecuteResponse, SecretEnvelope, Usage } from "../contract/execute.ts";
import type { ExecutionEnd, ExecutionStart } from "../contract/execution-record.ts";
import type { InstalledExtension, Tenant } from "../contract/install.ts";
import type { WindowMetric, WindowPeriod } from "../contract/limit-catalogue.ts";
import type { VerificationCode } from "../contract/verification.ts";
import type { Clock } from "../platform/clock.ts";
import type { Deadline } from "../platform/deadline.ts";
import type { ExecutionScope } from "../platform/host-answers.ts";
import type { Ids } from "../platform/ids.ts";
import type { Logger } from "../platform/logger.ts";
import type { Caller, ResolvedLimits, ScopeLimits } from "../policy/index.ts";
import type { PreviewOrigin } from "./cors.ts";
import type { KeptAnswers } from "./kept-answers.ts";
import type { GatewayObserver } from "./observer.ts";

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

/** What calls use, as quotas count it and the window draws it. */
interface UsageBook {
  /** A call was let in; so many of its install run now, it included. */
  began(install: UsageOwner, inFlight: number): void;
  /** It ended. Its use belongs to the windows of `at`, when it began. */
  record(entry: {
    readonly install: UsageOwner;
    readonly at: Date;
    readonly usage: Usage;
    readonly failed: boolean;
    readonly inFlight: number;
  }): void;
  /** A call was refused by rate, concurrency or quota. */
  refused(install: UsageOwner, at: Date): void;
  /** Use of the scope in the window of `at`, when that window began, and how long it still lasts. */
  window(
    of: Pick<ScopeLimits, "scope" | "id">,
    period: WindowPeriod,
    at: Date,
  ): {
    readonly usage: Readonly<Record<WindowMetric, number>>;
    readonly start: string;
    readonly endsInMs: number;
  };
}

type UsageOwner = Pick<InstalledExtension, "tenant_id" | "registry_id" | "install_id">;

export interface GatewayPorts {
  callers: CallerDirectory;
  installs: InstallDirectory;
  runner: Runner;
  executions: ExecutionRecorder;
  /** Told of every answer. */
  observers?: ReadonlySet<GatewayObserver>;
  /** What idempotency keys stand for. */
  keptAnswers: KeptAnswers;
  secrets: SecretSource;
  scopes: ScopeRegistry;
  versions: VersionMarker;
  usage: UsageBook;
  /** A text about an install without the install's secrets. */
  redact(installId: string, text: string): string;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  /** Read on every call, so that Settings take effect at once. */
  limits(tenant: Tenant, install: InstalledExtension): ResolvedLimits;
  /** Milliseconds that only go forward, whatever happens to the clock: rates and waiting are measured in them. */
  ticks(): number;
  /** Which page may call an extension from its own origin. Default: none. */
  previewOrigin?: PreviewOrigin;
  /** Default: `startDeadline`. */
  deadline?(ms: number): Deadline;
}
