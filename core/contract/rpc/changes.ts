import { z } from "zod";

const changeSchema = z.object({
  /** Names of the procedures that have changed something since the event before. */
  by: z.array(z.string()).readonly(),
});
export type HostChange = z.infer<typeof changeSchema>;

/** What other windows do, so that this one shows it too. */
export const changesSubscriptions = {
  /** From now on. Changes by the command line are not among them. */
  "host.changes": { input: z.strictObject({}), event: changeSchema },
} as const;
