import type { Decision } from "../../core/contract/decision.ts";
import type { Header, Usage } from "../../core/contract/execute.ts";
import type { InstalledExtension } from "../../core/contract/install.ts";
import type { LogEvent } from "../../core/contract/log-event.ts";
import type { StreamState } from "../event-stream.ts";
import type { PreparedRequest } from "./request-draft.ts";

/** The key that the host made for development on first start, and for whom it counts. */
export interface DevelopmentKey {
  readonly key_id: string;
  readonly subject: string;
  readonly fingerprint_sha256: string;
}

export interface TenantOverview {
  readonly id: string;
  readonly name: string;
  readonly is_development: boolean;
  readonly unsigned_policy: "refuse" | "allow";
}

/** What the frame shows of the host as a whole. */
export interface Overview {
  readonly version: string;
  readonly tenant: TenantOverview;
  readonly development_key?: DevelopmentKey | undefined;
  readonly runner_state: string;
}

/** What came back through the gateway: the extension's answer or the gateway's refusal. */
export interface GatewayAnswer {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: Uint8Array<ArrayBuffer>;
  readonly request_id: string;
  readonly usage: Usage;
  readonly error?: { readonly code: string; readonly message: string } | undefined;
  readonly trace: readonly Decision[];
}

/** What the state needs of the host. Every rejection is a `ClientError`, or the signal's own reason. */
export interface HostApi {
  overview(signal: AbortSignal): Promise<Overview>;
  extensions(signal: AbortSignal): Promise<readonly InstalledExtension[]>;
  send(installId: string, request: PreparedRequest, signal: AbortSignal): Promise<GatewayAnswer>;
  /** Follows the log until the answer is called, through every loss of the connection. */
  followLog(onEvent: (event: LogEvent) => void, onState: (state: StreamState) => void): () => void;
}
