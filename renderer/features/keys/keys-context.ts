import { createContext, useContext } from "react";
import type { RpcClient } from "../../client.ts";
import type { KeysState } from "../../state/keys/keys-state.ts";
import type { WindowContext } from "../../window-context.ts";

/** What every part of the screen is given. */
export interface KeysParts {
  readonly context: WindowContext;
  readonly client: RpcClient;
  readonly state: KeysState;
}

export const KeysContext = createContext<KeysParts | undefined>(undefined);

export function useKeys(): KeysParts {
  const parts = useContext(KeysContext);
  if (parts === undefined) throw new Error("this part belongs into the keys screen");
  return parts;
}
