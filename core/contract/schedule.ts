import { z } from "zod";
import { KIB } from "./limits.ts";

/** Rules of the host API's interface `scheduler` (design, section 7), the same on every way in. */
export const MAX_SCHEDULES_PER_INSTALL = 50;
export const MIN_SCHEDULE_INTERVAL_MINUTES = 5;
export const MAX_SCHEDULE_NAME_CHARACTERS = 128;
export const MAX_SCHEDULE_PAYLOAD_BYTES = 100 * KIB;
export const DEFAULT_TIMEZONE = "UTC";

/** What becomes of an occurrence that came while no host ran. */
export const MISSED_POLICIES = ["run_once", "skip"] as const;
const missedPolicySchema = z.enum(MISSED_POLICIES);

export const RUN_OUTCOMES = ["running", "succeeded", "failed", "skipped", "interrupted"] as const;
const runOutcomeSchema = z.enum(RUN_OUTCOMES);
/** `cron`: on time; `missed`: once for all occurrences that no host was there for; `manual`: "run now". */
const runTriggerSchema = z.enum(["cron", "missed", "manual"]);

/** What may be set wrong, by the name that the caller gave it. */
export const SCHEDULE_FIELDS = ["endpoint", "cron", "timezone", "name", "payload", "missed"] as const;
export const fieldErrorsSchema = z.partialRecord(z.enum(SCHEDULE_FIELDS), z.string());
export type FieldErrors = z.infer<typeof fieldErrorsSchema>;

export const scheduleRunSchema = z.object({
  id: z.string(),
  schedule_id: z.string(),
  trigger: runTriggerSchema,
  /** The occurrence; of a manual run the moment it was asked for. */
  due_at: z.string(),
  started_at: z.string(),
  finished_at: z.string().optional(),
  outcome: runOutcomeSchema,
  /** Status of the answer. */
  status: z.number().int().optional(),
  /** A code of the gateway, or `overlap`, `missed`, `endpoint_removed`, `handler_status`, `interrupted`. */
  code: z.string().optional(),
  error: z.string().optional(),
  execution_id: z.string().optional(),
});
export type ScheduleRun = z.infer<typeof scheduleRunSchema>;

export const scheduleSchema = z.object({
  id: z.string(),
  tenant_id: z.string(),
  install_id: z.string(),
  extension_name: z.string(),
  /** `METHOD /path`. */
  endpoint: z.string(),
  name: z.string().optional(),
  cron: z.string(),
  /** The expression in words. */
  description: z.string(),
  timezone: z.string(),
  enabled: z.boolean(),
  /** False while the install is disabled: nothing runs then, whatever `enabled` says. */
  install_enabled: z.boolean(),
  missed: missedPolicySchema,
  /** JSON text, sent as the body of a POST. */
  payload: z.string().optional(),
  /** Why it cannot run now, such as an endpoint that the installed version no longer has. */
  problem: z.string().optional(),
  /** The next occurrences, in UTC; empty while it does not run. */
  next_runs: z.array(z.string()),
  last_run_at: z.string().optional(),
  last_run_status: runOutcomeSchema.optional(),
  last_error: z.string().optional(),
  last_execution_id: z.string().optional(),
  created_at: z.string(),
  updated_at: z.string(),
});
export type Schedule = z.infer<typeof scheduleSchema>;

export const scheduleEndpointSchema = z.object({
  /** `METHOD /path`, as a schedule names it. */
  id: z.string(),
  method: z.string(),
  path: z.string(),
  handler: z.string(),
  schedulable: z.boolean(),
});
export type ScheduleEndpoint = z.infer<typeof scheduleEndpointSchema>;

/** As given by a caller: unchecked text, judged by the scheduler's rules, which name every wrong field. */
const scheduleFieldsSchema = z.strictObject({
  endpoint: z.string(),
  cron: z.string(),
  timezone: z.string(),
  enabled: z.boolean(),
  /** Empty: none. */
  name: z.string(),
  /** JSON text; `null` is none. */
  payload: z.string(),
  missed: z.string(),
});

/** Absent: the default. */
export const createScheduleSchema = scheduleFieldsSchema.partial().required({ endpoint: true, cron: true });
export type CreateSchedule = z.infer<typeof createScheduleSchema>;
/** Absent: stays as it is. */
export const updateScheduleSchema = scheduleFieldsSchema.partial();
export type UpdateSchedule = z.infer<typeof updateScheduleSchema>;
