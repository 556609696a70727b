import type { Hono } from "hono";
import type { ContentHash } from "../contract/content-hash.ts";
import type { Decision } from "../contract/decision.ts";
import type { Header, Usage } from "../contract/execute.ts";
import type { ExecutionFilter, ExecutionPage, ExecutionRecord } from "../contract/execution-record.ts";
import type { InstalledExtension, Tenant } from "../contract/install.ts";
import type { LiveFilter, LivePosition } from "../contract/live-stream.ts";
import type { LogFilter, LogItem, LogPage, LogQuery } from "../contract/log-query.ts";
import type { ExtensionSummary, HostState } from "../contract/rpc.ts";
import type { RunnerStatusReport } from "../contract/runner-health.ts";
import type { Caller } from "../policy/index.ts";
import type { HostMetricsPort } from "./metrics-route.ts";
import type { AutomationPort } from "./rpc/automation-ports.ts";
import type { HostRecordings } from "./rpc/executions-ports.ts";
import type { FixturesPort } from "./rpc/fixtures-ports.ts";
import type { KeysPorts } from "./rpc/keys-ports.ts";
import type { HostLoop } from "./rpc/loop-ports.ts";
import type { PolicyPort } from "./rpc/policy-ports.ts";
import type { HostPreviews } from "./rpc/preview-ports.ts";
import type { HostProject } from "./rpc/project-ports.ts";
import type { QuotasPort } from "./rpc/quotas-ports.ts";
import type { HostRecords } from "./rpc/records-ports.ts";
import type { WindowRegistryPort } from "./rpc/registry-ports.ts";
import type { HostReproductions } from "./rpc/reproduction-ports.ts";
import type { SettingsPort } from "./rpc/settings-ports.ts";

/** The gateway as the host needs it. */
interface HostGateway {
  readonly app: Hono;
  call(request: {
    readonly extension: string;
    readonly method: string;
    readonly target: string;
    readonly headers: readonly Header[];
    readonly body?: Uint8Array | undefined;
    readonly caller: Caller;
    readonly signal?: AbortSignal | undefined;
  }): Promise<{
    readonly status: number;
    readonly headers: readonly Header[];
    readonly body: Uint8Array;
    readonly request_id: string;
    readonly execution_id?: string;
    readonly usage: Usage;
    readonly trace: readonly Decision[];
    readonly error?: { readonly code: string; readonly message: string };
  }>;
}

interface HostExecutions {
  list(filter: ExecutionFilter): ExecutionPage;
  find(idOrRequestId: string): ExecutionRecord | undefined;
}

interface HostLogs {
  query(query: LogQuery): LogPage;
  tail(
    filter: LogFilter,
    options: { after?: number | undefined; signal: AbortSignal },
  ): AsyncIterable<readonly LogItem[]>;
}

interface HostLive {
  /** Server-sent events as bytes, at the reader's pace, until the signal aborts. */
  open(
    filter: LiveFilter,
    options: { after?: LivePosition | undefined; signal: AbortSignal },
  ): AsyncIterable<Uint8Array>;
}

interface HostCallers {
  byApiKey(key: string): Caller | undefined;
  /** The persona named, else the tenant's default one; the default tenant when none is named. */
  persona(choice: { tenant_id?: string | undefined; persona_id?: string | undefined }): Caller | undefined;
}

export interface HostRegistry {
  listExtensions(): readonly ExtensionSummary[];
  listInstalls(tenantId?: string): InstalledExtension[];
  resolveInstall(tenantId: string, ref: string): InstalledExtension | undefined;
  /** Verifies before it stores. Throws verification codes, `version_exists`, … */
  publish(request: {
    archive: Uint8Array;
    signature?: string | undefined;
    tenantId: string;
    expectedHash?: ContentHash | undefined;
  }): Promise<{
    readonly registry_id: string;
    readonly version_id: string;
    readonly content_hash: ContentHash;
  }>;
  /** Grants what the manifest asks for. */
  install(request: InstallOrder): Promise<InstallAnswer>;
  /** Moves an install to another version; what that newly asks for stays ungranted. */
  update(request: InstallOrder): Promise<InstallAnswer>;
  uninstall(request: { ref: string; tenantId: string }): UninstallAnswer | Promise<UninstallAnswer>;
}

interface InstallOrder {
  ref: string;
  tenantId: string;
  version?: string | undefined;
}

interface InstallAnswer {
  readonly install_id: string;
  readonly registry_id: string;
  readonly version_id: string;
  readonly version: string;
}

interface UninstallAnswer {
  readonly install_id: string;
  readonly registry_id: string;
}

interface HostBundles {
  /** Text of `manifest.json` in an untrusted archive, read under every limit. */
  manifestText(archive: Uint8Array): Promise<string>;
}

/** Signs what the published command line uploads, which knows no signatures. */
interface LocalUploadSigner {
  sign(archive: Uint8Array): Promise<string>;
}

export interface HostPorts {
  gateway: HostGateway;
  callers: HostCallers;
  tenants: { get(id: string): Tenant | undefined };
  registry: HostRegistry;
  bundles: HostBundles;
  executions: HostExecutions;
  recordings: HostRecordings;
  reproductions: HostReproductions;
  metrics: HostMetricsPort;
  runner: { status(): Promise<RunnerStatusReport> };
  logs: HostLogs;
  live: HostLive;
  records: HostRecords;
  state(): HostState | Promise<HostState>;
  project: HostProject;
  loop: HostLoop;
  previews: HostPreviews;
  keysAndTrust: KeysPorts;
  windowRegistry: WindowRegistryPort;
  settings: SettingsPort;
  fixtures: FixturesPort;
  policy: PolicyPort;
  quotas: QuotasPort;
  automation: AutomationPort;
  /** Tells that another process has written to the same home. */
  elsewhere: { subscribe(listener: () => void): () => void };
  /** Set only while the developer has switched on signing of local uploads. */
  localUploadSigner(): LocalUploadSigner | undefined;
}
