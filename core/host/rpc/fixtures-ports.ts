import type { Answers } from "./keys-ports.ts";

/** A tenant's business data, and what extensions have made of it. */
export interface FixturesPort {
  read: Answers<"fixtures.get">;
  write: Answers<"fixtures.set">;
  reset: Answers<"fixtures.reset">;
  tryRoute: Answers<"fixtures.try_route">;
  invoices: Answers<"invoices.list">;
  clearInvoices: Answers<"invoices.clear">;
  metrics: Answers<"extension_metrics.list">;
}
