import { createContext, useContext } from "react";
import type { RegistryState } from "../../state/registry/registry-state.ts";
import type { WindowContext } from "../../window-context.ts";

/** What every part of the screen is given. */
export interface RegistryParts {
  readonly context: WindowContext;
  readonly state: RegistryState;
  /** Loads again here and what the frame shows of it, after a change. */
  changed(): Promise<void>;
}

export const RegistryContext = createContext<RegistryParts | undefined>(undefined);

export function useRegistry(): RegistryParts {
  const parts = useContext(RegistryContext);
  if (parts === undefined) throw new Error("this part belongs into the registry screen");
  return parts;
}
