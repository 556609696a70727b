import { z } from "zod";

const changeSchema = z.object({
  /** Names of the procedures that have changed something since the event before. */
  by: z.array(z.string()).readonly(),
  /** Another process, such as a command, has written to the same home, or the host itself to its registry. */
  elsewhere: z.boolean().optional(),
});
export type HostChange = z.infer<typeof changeSchema>;

/** What other windows and commands do, so that this one shows it too. */
export const changesSubscriptions = {
  /** From now on. */
  "host.changes": { input: z.strictObject({}), event: changeSchema },
} as const;
