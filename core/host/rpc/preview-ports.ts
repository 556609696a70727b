import type { Header } from "../../contract/execute.ts";
import type { CustomUser, PolicyViolation, Preview, PreviewHook } from "../../contract/rpc/preview.ts";

/** Previews of extensions' UIs. Every method that takes a token throws `preview_not_found`. */
export interface HostPreviews {
  open(request: {
    readonly install: string;
    readonly tenantId?: string | undefined;
    readonly persona?: { readonly persona_id: string } | { readonly custom: CustomUser } | undefined;
    readonly hook: PreviewHook;
    readonly parentOrigin: string;
  }): Preview;
  renew(token: string): Preview["session"];
  /** Closing what is not open is harmless. */
  close(token: string): void;
  proxy(call: {
    readonly token: string;
    readonly route: string;
    readonly method: string;
    readonly body?: Uint8Array | undefined;
    readonly signal?: AbortSignal | undefined;
  }): Promise<{
    readonly status: number;
    readonly headers: readonly Header[];
    readonly body: Uint8Array;
    readonly request_id: string;
    readonly execution_id?: string;
    readonly duration_ms: number;
    readonly error?: { readonly code: string; readonly message: string };
  }>;
  /** What a browser says of a frame; the key is from the frame's address. Never throws. */
  report(key: string, report: unknown): void;
  violations(
    token: string,
    after: number | undefined,
    signal: AbortSignal,
  ): AsyncIterable<readonly PolicyViolation[]>;
}
