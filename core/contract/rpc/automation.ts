import { z } from "zod";
import {
  eventDeliverySchema,
  eventFilterSchema,
  eventPageSchema,
  MAX_EVENT_DATA_BYTES,
  MAX_TOPIC_CHARACTERS,
  publishedEventSchema,
} from "../event.ts";
import {
  createScheduleSchema,
  fieldErrorsSchema,
  scheduleEndpointSchema,
  scheduleRunSchema,
  scheduleSchema,
  updateScheduleSchema,
} from "../schedule.ts";

const id = z.string().min(1).max(256);
const install = { tenant_id: id, install_id: id };
const target = z.strictObject({ ...install, schedule_id: id });

/** A rule that says no is an answer, so that a form can say it beside the field. */
const saved = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.literal("saved"), schedule: scheduleSchema }),
  z.object({ outcome: z.literal("invalid"), field_errors: fieldErrorsSchema }),
]);

/** Procedures of schedules and events: `{name: {input, output}}`; merged into the one map in ../rpc.ts. */
export const automationProcedures = {
  "schedules.list": {
    input: z.strictObject({ tenant_id: id.optional() }),
    output: z.object({ schedules: z.array(scheduleSchema) }),
  },
  "schedules.create": {
    input: z.strictObject({ ...install, fields: createScheduleSchema }),
    output: saved,
  },
  "schedules.update": { input: target.extend({ fields: updateScheduleSchema }), output: saved },
  "schedules.delete": { input: target, output: z.strictObject({}) },
  /** Answers when the run is over. */
  "schedules.run": { input: target, output: scheduleRunSchema },
  "schedules.runs": { input: target, output: z.object({ runs: z.array(scheduleRunSchema) }) },
  "schedules.endpoints": {
    input: z.strictObject(install),
    output: z.object({ endpoints: z.array(scheduleEndpointSchema) }),
  },
  /** What an expression means, while it is being written. */
  "schedules.preview": {
    input: z.strictObject({ cron: z.string().max(1_024), timezone: z.string().max(256) }),
    output: z.object({
      errors: fieldErrorsSchema,
      description: z.string().optional(),
      next_runs: z.array(z.string()),
    }),
  },
  "events.list": { input: eventFilterSchema, output: eventPageSchema },
  "events.get": {
    input: z.strictObject({ id }),
    output: publishedEventSchema.extend({ data: z.string() }),
  },
  "events.publish": {
    input: z.strictObject({
      tenant_id: id,
      topic: z.string().max(2 * MAX_TOPIC_CHARACTERS),
      /** JSON text. */
      data: z.string().max(2 * MAX_EVENT_DATA_BYTES),
    }),
    output: publishedEventSchema,
  },
  "events.dead_letters": {
    input: z.strictObject({ tenant_id: id.optional() }),
    output: z.object({ items: z.array(eventDeliverySchema) }),
  },
  "events.redeliver": {
    input: z.strictObject({ tenant_id: id, delivery_id: id }),
    output: eventDeliverySchema,
  },
} as const;

/** Subscriptions of schedules and events: `{name: {input, event}}`. */
export const automationSubscriptions = {
  /** Once at the beginning, then whenever schedules, runs, events or deliveries may have changed. */
  "automation.changes": { input: z.strictObject({}), event: z.object({ revision: z.string() }) },
} as const;
