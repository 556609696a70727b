import { initialSchema } from "./0001-initial.ts";
import { executionSearchSchema } from "./0002-execution-search.ts";
import { hostCallsSchema } from "./0003-host-calls.ts";
import { quotasSchema } from "./0004-quotas.ts";
import { automationSchema } from "./0005-automation.ts";
import { businessDataSchema } from "./0006-business-data.ts";
import { bundleComponentSchema } from "./0007-bundle-component.ts";
import { idempotencySchema } from "./0008-idempotency.ts";
import { egressRefusalsSchema } from "./0009-egress-refusals.ts";
import { begunExecutionsSchema } from "./0010-begun-executions.ts";
import { executionOrderSchema } from "./0011-execution-order.ts";

/** In order; a migration that has shipped never changes. `user_version` counts those applied. */
export const MIGRATIONS: readonly string[] = [
  initialSchema,
  executionSearchSchema,
  hostCallsSchema,
  quotasSchema,
  automationSchema,
  businessDataSchema,
  bundleComponentSchema,
  idempotencySchema,
  egressRefusalsSchema,
  begunExecutionsSchema,
  executionOrderSchema,
];
