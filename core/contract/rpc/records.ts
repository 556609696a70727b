import { z } from "zod";
import { keptExchangeSchema } from "../execution-exchange.ts";
import { prunedSchema, retentionPolicySchema } from "../retention.ts";
import { savedViewListSchema, savedViewNameSchema, savedViewSchema } from "../saved-view.ts";

const nothing = z.strictObject({});
const id = z.string().min(1).max(256);
const views = z.object({ items: z.array(savedViewSchema).readonly() });

/** Procedures of the record: archives, named filters, what is kept. Merged into the one map in ../rpc.ts. */
export const recordsProcedures = {
  /** An HTTP Archive of these executions, without secrets. */
  "records.har": {
    input: z.strictObject({
      ids: z.array(id).min(1).max(500),
      /** What the asking window kept of them, by request id. */
      kept: z.record(z.string(), keptExchangeSchema).default({}),
    }),
    output: z.object({ har: z.string() }),
  },
  "records.views": { input: z.strictObject({ list: savedViewListSchema }), output: views },
  /** Replaces the view of that name. Answers all of the list. */
  "records.save_view": {
    input: z.strictObject({ list: savedViewListSchema, view: savedViewSchema }),
    output: views,
  },
  "records.remove_view": {
    input: z.strictObject({ list: savedViewListSchema, name: savedViewNameSchema }),
    output: views,
  },
  "records.retention": { input: nothing, output: retentionPolicySchema },
  "records.set_retention": { input: retentionPolicySchema, output: retentionPolicySchema },
  /** Removes at once what the policy does not keep. */
  "records.prune": { input: nothing, output: prunedSchema },
} as const;
