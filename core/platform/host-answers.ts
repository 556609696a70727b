import type { z } from "zod";
import type { User } from "../contract/execute.ts";
import type { Tenant } from "../contract/install.ts";
import type { SystemCaller } from "./system-call.ts";

/** On whose behalf the host calls of one execution are answered. Set by the host at dispatch, never by the runner. */
export interface ExecutionScope {
  readonly tenant_id: string;
  readonly install_id: string;
  readonly registry_id: string;
  readonly request_id: string;
  /** 0 for a call from outside, 1 for one that an extension made while it answered that, and so on. */
  readonly depth: number;
  /** Who called the extension. */
  readonly caller: { readonly tenant: Tenant; readonly user: User; readonly system?: SystemCaller };
}

/** The scope of one call. */
export interface HostCallScope extends ExecutionScope {
  readonly execution_id: string;
  /** Aborted when the execution is over, however it ended. */
  readonly signal: AbortSignal;
}

/** The host's answers to the calls of one interface, each a value that its WIT type can hold. @throws HostCallError */
export type HostAnswers<Calls extends Readonly<Record<string, z.ZodType>>> = {
  readonly [Method in keyof Calls]: (scope: HostCallScope, params: z.output<Calls[Method]>) => unknown;
};
