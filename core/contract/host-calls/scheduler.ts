import { z } from "zod";
import { createScheduleSchema, updateScheduleSchema } from "../schedule.ts";

/** The world's records know no policy for missed runs: that is the administrator's. */
const fields = { missed: true } as const;

/** Calls of the interface `scheduler`, as the runner passes them on. The scheduler's rules judge the values. */
export const schedulerCalls = {
  "scheduler.list": z.strictObject({}),
  "scheduler.get": z.strictObject({ scheduleId: z.string() }),
  "scheduler.create": z.strictObject({ input: createScheduleSchema.omit(fields) }),
  "scheduler.update": z.strictObject({ scheduleId: z.string(), input: updateScheduleSchema.omit(fields) }),
  "scheduler.delete": z.strictObject({ scheduleId: z.string() }),
  "scheduler.endpoints": z.strictObject({}),
} as const;
