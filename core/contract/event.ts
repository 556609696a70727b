import { z } from "zod";
import { KIB } from "./limits.ts";

export const MAX_TOPIC_CHARACTERS = 256;
export const MAX_EVENT_DATA_BYTES = 256 * KIB;
/** Attempts before a delivery is a dead letter. */
export const MAX_DELIVERY_ATTEMPTS = 6;

export const DELIVERY_STATES = ["pending", "delivering", "delivered", "dead"] as const;

export const deliveryAttemptSchema = z.object({
  attempt: z.number().int(),
  started_at: z.string(),
  /** Absent while it runs. */
  finished_at: z.string().optional(),
  /** Status of the answer. */
  status: z.number().int().optional(),
  /** A code of the gateway, or `handler_status`, `handler_not_found`, `interrupted`; absent when delivered. */
  code: z.string().optional(),
  error: z.string().optional(),
  execution_id: z.string().optional(),
});
export type DeliveryAttempt = z.infer<typeof deliveryAttemptSchema>;

/** One event on its way to one handler of one install. Its id is the `x-idempotency-key` of every attempt. */
export const eventDeliverySchema = z.object({
  id: z.string(),
  event_id: z.string(),
  topic: z.string(),
  tenant_id: z.string(),
  install_id: z.string(),
  extension_name: z.string(),
  handler: z.string(),
  state: z.enum(DELIVERY_STATES),
  /** Since it was published or last redelivered. */
  attempts: z.number().int(),
  /** When it is tried again; only while pending. */
  next_attempt_at: z.string().optional(),
  last_error: z.string().optional(),
  last_execution_id: z.string().optional(),
  created_at: z.string(),
  finished_at: z.string().optional(),
  attempt_log: z.array(deliveryAttemptSchema),
});
export type EventDelivery = z.infer<typeof eventDeliverySchema>;

export const publishedEventSchema = z.object({
  id: z.string(),
  tenant_id: z.string(),
  topic: z.string(),
  published_at: z.string(),
  data_bytes: z.number().int(),
  /** Empty when no enabled install of the tenant subscribes to the topic. */
  deliveries: z.array(eventDeliverySchema),
});
export type PublishedEvent = z.infer<typeof publishedEventSchema>;

export const eventFilterSchema = z.strictObject({
  tenant_id: z.string().max(256).optional(),
  topic: z.string().max(MAX_TOPIC_CHARACTERS).optional(),
  limit: z.number().int().min(1).max(200).default(50),
  /** `next` of the page before. */
  cursor: z.number().int().positive().optional(),
});
export type EventFilter = z.infer<typeof eventFilterSchema>;

export const eventPageSchema = z.object({
  /** Newest first. */
  items: z.array(publishedEventSchema),
  next: z.number().int().optional(),
});
export type EventPage = z.infer<typeof eventPageSchema>;
