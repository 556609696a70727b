import { HostRefusal } from "./host-outcome.ts";

const REASON = "this runner does not serve the interface";

/** Answer of an interface that is linked but that nobody serves: its own error case, never a trap. */
export function refuse(payload: string): never {
  throw new HostRefusal(payload, REASON);
}

/** The same for functions that answer a record instead of a result. */
export const REFUSED_RECORD = { success: false, error: REASON } as const;
