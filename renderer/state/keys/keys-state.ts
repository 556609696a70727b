import type { SigningKey } from "../../../core/contract/rpc/keys.ts";
import type { RpcOutput } from "../../../core/contract/rpc.ts";
import type { RpcClient } from "../../client.ts";
import { createResource, type Resource } from "../resource.ts";
import { createStore, type Store } from "../store.ts";

export type TrustList = RpcOutput<"trust.list">;

/** What the pane beside the lists shows. */
export type Side =
  | { readonly kind: "key"; readonly id: string }
  | { readonly kind: "generate" }
  | { readonly kind: "import"; readonly file?: File }
  | { readonly kind: "trust"; readonly id: string }
  | { readonly kind: "trust-add"; readonly keyId?: string; readonly file?: File }
  | { readonly kind: "revoke"; readonly by?: "fingerprint" | "serial"; readonly value?: string };

export interface KeysState {
  readonly keys: Resource<readonly SigningKey[]>;
  readonly trust: Resource<TrustList>;
  readonly side: Store<Side | undefined>;
  /** Loads both lists again; what was shown of something that is gone closes. */
  refresh(): Promise<void>;
}

export function createKeysState(client: Pick<RpcClient, "call">): KeysState {
  const keys = createResource<readonly SigningKey[]>(
    async (signal) => (await client.call("keys.list", {}, signal)).items,
  );
  const trust = createResource((signal) => client.call("trust.list", {}, signal));
  const side = createStore<Side | undefined>(undefined);
  let refreshes = 0;

  return {
    keys,
    trust,
    side,
    async refresh() {
      refreshes += 1;
      const mine = refreshes;
      await Promise.all([keys.reload(), trust.reload()]);
      // A later one has taken over, and the lists may still be those from before what is shown now was made.
      if (mine !== refreshes) return;
      side.update((shown) => (isThere(shown, keys.get().data, trust.get().data) ? shown : undefined));
      side.update((shown) => shown ?? firstKey(keys.get().data));
    },
  };
}

function firstKey(keys: readonly SigningKey[] | undefined): Side | undefined {
  const key = keys?.find(({ is_active }) => is_active) ?? keys?.[0];
  return key && { kind: "key", id: key.id };
}

function isThere(
  side: Side | undefined,
  keys: readonly SigningKey[] | undefined,
  trust: TrustList | undefined,
): boolean {
  if (side?.kind === "key") return keys?.some(({ id }) => id === side.id) ?? true;
  if (side?.kind === "trust") return trust?.items.some(({ id }) => id === side.id) ?? true;
  return true;
}
