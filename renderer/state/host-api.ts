import type { Decision } from "../../core/contract/decision.ts";
import type { Header, Usage } from "../../core/contract/execute.ts";
import type { InstalledExtension } from "../../core/contract/install.ts";
import type { LogEvent } from "../../core/contract/log-event.ts";
import type { LogItem } from "../../core/contract/log-query.ts";
import type { HostState } from "../../core/contract/rpc.ts";
import type { StreamState } from "../event-stream.ts";
import type { PreparedRequest } from "./request-draft.ts";

/** What came back through the gateway: the extension's answer or the gateway's refusal. */
export interface GatewayAnswer {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: Uint8Array;
  readonly request_id: string;
  readonly usage: Usage;
  /** Set when the gateway answered instead of the extension. */
  readonly error?: { readonly code: string; readonly message: string } | undefined;
  readonly trace: readonly Decision[];
  /** Absent when the call was refused before its tenant was known. */
  readonly execution_id?: string | undefined;
  /** What the extension logged during this call. */
  readonly log_lines?: readonly LogItem[];
}

/** What the state needs of the host. Every rejection is a `ClientError`, or the signal's own reason. */
export interface HostApi {
  host(signal: AbortSignal): Promise<HostState>;
  extensions(signal: AbortSignal): Promise<readonly InstalledExtension[]>;
  send(installId: string, request: PreparedRequest, signal: AbortSignal): Promise<GatewayAnswer>;
  /** The newest lines, then every line as it is written, until the answer is called. */
  followLog(onEvent: (event: LogEvent) => void, onState: (state: StreamState) => void): () => void;
}
