import { type HostCall, type HostReply, hostCallSchema } from "../../contract/runner-protocol.ts";
import { HostCallError } from "./errors.ts";
import type { StorageRepository } from "./storage-repository.ts";

/** Whose data an execution may reach. Set by the host at dispatch, never by the runner. */
export interface ExecutionScope {
  readonly tenant_id: string;
  readonly install_id: string;
  readonly registry_id: string;
}

/** Which tenants have this version of an extension installed and enabled; answered by the registry. */
export interface UiDirectory {
  /** `extensionId`: registry id, install id or name, as it stands in the asset's URL. Empty: not to be served. */
  tenantsWith(extensionId: string, contentHash: string): readonly string[] | Promise<readonly string[]>;
}

export type HostAnswer =
  | { readonly ok: true; readonly value: unknown }
  | Omit<Extract<HostReply, { ok: false }>, "type" | "id">;

/** Answers the runner's calls, each within the scope registered for its execution. */
export interface HostBroker {
  register(executionId: string, scope: ExecutionScope): void;
  release(executionId: string): void;
  /** `call` is what the runner sent, unchecked. Never throws: an untrusted process is no reason to fail. */
  answer(call: unknown): Promise<HostAnswer>;
}

export interface HostBrokerOptions {
  readonly storage: StorageRepository;
  readonly ui: UiDirectory;
}

export function createHostBroker({ storage, ui }: HostBrokerOptions): HostBroker {
  const scopes = new Map<string, ExecutionScope>();

  function dispatch(call: HostCall): unknown {
    if (call.method === "ui.resolve")
      return ui.tenantsWith(call.params.extension_id, call.params.content_hash);
    const scope = scopes.get(call.execution_id);
    if (scope === undefined) throw new HostCallError("internal", "the execution is not known to the host");
    const { install_id } = scope;
    switch (call.method) {
      case "storage.get":
        return storage.get(install_id, call.params.namespace, call.params.key);
      case "storage.put":
        return storage.put(install_id, call.params);
      case "storage.delete":
        return storage.delete(install_id, call.params.namespace, call.params.key);
      case "storage.list":
        return storage.list(install_id, call.params.namespace, call.params.cursor);
    }
  }

  return {
    register: (executionId, scope) => void scopes.set(executionId, scope),
    release: (executionId) => void scopes.delete(executionId),
    async answer(call) {
      const parsed = hostCallSchema.safeParse(call);
      if (!parsed.success) return { ok: false, refusal: "internal", detail: "the call is malformed" };
      try {
        return { ok: true, value: await dispatch(parsed.data) };
      } catch (error) {
        if (error instanceof HostCallError) return { ok: false, refusal: error.code, detail: error.message };
        return { ok: false, refusal: "internal", detail: "the host failed to answer" };
      }
    },
  };
}
