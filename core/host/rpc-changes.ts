import type { RpcProcedure } from "../contract/rpc.ts";
import type { HostPorts } from "./ports.ts";
import type { RpcSources } from "./rpc.ts";

/** Procedures after which lists and facts on the screens are others. The project, the loop and automation have streams of their own. */
const WRITES: ReadonlySet<RpcProcedure> = new Set<RpcProcedure>([
  "keys.activate",
  "keys.generate",
  "keys.import",
  "keys.attach",
  "keys.delete",
  "trust.add",
  "trust.remove",
  "trust.revoke",
  "registry.publish",
  "registry.deprecate",
  "registry.reverify",
  "registry.install",
  "registry.update",
  "registry.configure",
  "registry.enable",
  "registry.uninstall",
  "registry.forgetRefusedEgress",
  "quotas.set",
  "quotas.save_profile",
  "quotas.delete_profile",
  "fixtures.set",
  "fixtures.reset",
  "invoices.clear",
  "settings.unsigned_policy",
  "settings.local_uploads",
]);

export interface RpcChanges {
  /** To be called when a procedure has been carried out. */
  done(name: RpcProcedure): void;
  readonly follow: RpcSources["host.changes"];
}

/** Tells every window what any of them, another process, or the host itself has changed. A slow reader keeps names, of which there are few. */
export function createRpcChanges(elsewhere: HostPorts["elsewhere"]): RpcChanges {
  const readers = new Set<(name: RpcProcedure) => void>();
  return {
    done(name) {
      if (WRITES.has(name)) for (const tell of readers) tell(name);
    },
    async *follow(_input, { signal }) {
      const waiting = new Set<RpcProcedure>();
      let isElsewhere = false;
      let changed = Promise.withResolvers<void>();
      const tell = (name: RpcProcedure): void => {
        waiting.add(name);
        changed.resolve();
      };
      const end = (): void => changed.resolve();
      readers.add(tell);
      const stop = elsewhere.subscribe(() => {
        isElsewhere = true;
        changed.resolve();
      });
      signal.addEventListener("abort", end);
      try {
        while (!signal.aborted) {
          await changed.promise;
          changed = Promise.withResolvers();
          const by = [...waiting];
          waiting.clear();
          const wasElsewhere = isElsewhere;
          isElsewhere = false;
          if (by.length > 0 || wasElsewhere) yield [{ by, ...(wasElsewhere ? { elsewhere: true } : {}) }];
        }
      } finally {
        readers.delete(tell);
        stop();
        signal.removeEventListener("abort", end);
      }
    },
  };
}
