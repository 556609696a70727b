import type { InstalledExtension } from "../../../core/contract/install.ts";
import type { ExtensionSummary } from "../../../core/contract/rpc.ts";
import type { RpcClient } from "../../client.ts";
import { createResource, type Resource } from "../resource.ts";
import { createStore, type Store } from "../store.ts";

export interface Published {
  readonly extensions: readonly ExtensionSummary[];
  /** Of all tenants. */
  readonly installs: readonly InstalledExtension[];
}

/** What the detail pane shows. */
export type Shown =
  | { readonly kind: "extension"; readonly id: string }
  | { readonly kind: "publish"; readonly files?: readonly File[] };

export interface RegistryState {
  readonly published: Resource<Published>;
  readonly shown: Store<Shown | undefined>;
  refresh(): Promise<void>;
}

export function createRegistryState(client: Pick<RpcClient, "call">): RegistryState {
  const published = createResource(async (signal): Promise<Published> => {
    const [extensions, installs] = await Promise.all([
      client.call("extensions.list", {}, signal),
      client.call("installs.list", {}, signal),
    ]);
    return { extensions: extensions.items, installs: installs.items };
  });
  const shown = createStore<Shown | undefined>(undefined);
  let refreshes = 0;
  return {
    published,
    shown,
    async refresh() {
      refreshes += 1;
      const mine = refreshes;
      await published.reload();
      const { data } = published.get();
      // A later one has taken over, and the list may still be that from before what is shown now was published.
      if (mine !== refreshes || data === undefined) return;
      const isThere = (id: string) => data.extensions.some(({ registry_id }) => registry_id === id);
      const first = data.extensions[0];
      shown.update((current) => {
        if (current?.kind === "publish") return current;
        if (current && isThere(current.id)) return current;
        return first && { kind: "extension", id: first.registry_id };
      });
    },
  };
}

/** The newest version of an extension that its install does not run yet, if that is a step forward. */
export function updateFor(
  extension: Pick<ExtensionSummary, "latest">,
  install: Pick<InstalledExtension, "version">,
): string | undefined {
  const { latest } = extension;
  return latest !== undefined && latest !== install.version ? latest : undefined;
}
