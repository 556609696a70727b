import type { HostInterface } from "./dispatcher.ts";
import type { RunnerScope } from "./runner-scope.ts";
import { REFUSED_RECORD } from "./unserved.ts";

/** Linked, and refused even when granted: this runner has no invoices to write yet. */
export const invoicing: HostInterface<"invoicing", RunnerScope> = {
  createManualInvoice: () => REFUSED_RECORD,
};
