import { HostRefusal } from "./host-outcome.ts";

/** For functions whose WIT type is a record and not a result: a refusal becomes the record that says no. */
export async function recordOr(ask: Promise<unknown>): Promise<unknown> {
  try {
    return await ask;
  } catch (error) {
    if (error instanceof HostRefusal) return { success: false, error: error.message };
    throw error;
  }
}
