import type { HostInterface } from "./dispatcher.ts";
import { recordOr } from "./record-answer.ts";
import type { RunnerScope } from "./runner-scope.ts";

export const invoicing: HostInterface<"invoicing", RunnerScope> = {
  createManualInvoice: (scope, input) => recordOr(scope.askHost("invoicing.create_manual", input)),
};
