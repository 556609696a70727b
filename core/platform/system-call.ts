import type { InstalledExtension } from "../contract/install.ts";

/** Parts of the workbench that call extensions by themselves, with no user signed in. */
export type SystemCaller = "scheduler" | "events";

/** A call that nobody but the workbench makes; it passes the gateway as every other does. */
export interface SystemCall {
  readonly caller: SystemCaller;
  readonly install: InstalledExtension;
  readonly method: string;
  readonly path: string;
  /** JSON text. */
  readonly body?: string | undefined;
  /** The same for every attempt at the same thing. */
  readonly idempotencyKey: string;
  readonly signal: AbortSignal;
}

export interface SystemAnswer {
  readonly status: number;
  readonly execution_id?: string | undefined;
  /** Set when the gateway answered instead of the extension. */
  readonly error?: { readonly code: string; readonly message: string } | undefined;
}

/** Answers refusals too; rejects only with the reason of the call's signal. */
export type CallAsSystem = (call: SystemCall) => Promise<SystemAnswer>;
