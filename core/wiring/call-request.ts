import type { Header } from "../contract/execute.ts";

/** A call that the workbench itself makes, in the name of one of the tenant's personas. */
export interface CallRequest {
  tenantId: string;
  /** Whose API key is used; default: the tenant's first persona. */
  personaId?: string | undefined;
  ref: string;
  method: string;
  /** Path with its query. */
  path: string;
  headers: readonly Header[];
  body?: Uint8Array | undefined;
  signal?: AbortSignal | undefined;
}
