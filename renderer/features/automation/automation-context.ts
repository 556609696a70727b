import { createContext, use } from "react";
import type { AutomationState } from "../../state/automation/automation-state.ts";
import type { WindowContext } from "../../window-context.ts";

interface AutomationParts {
  readonly context: WindowContext;
  readonly state: AutomationState;
}

export const AutomationContext = createContext<AutomationParts | undefined>(undefined);

export function useAutomation(): AutomationParts {
  const parts = use(AutomationContext);
  if (parts === undefined) throw new Error("This part of the screen stands outside it.");
  return parts;
}
