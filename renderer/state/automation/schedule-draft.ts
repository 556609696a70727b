import { DEFAULT_TIMEZONE, type Schedule } from "../../../core/contract/schedule.ts";

/** A schedule as it stands in the form: text, whether it is right or not. */
export interface ScheduleDraft {
  readonly endpoint: string;
  readonly cron: string;
  readonly timezone: string;
  /** Empty: none. */
  readonly name: string;
  /** JSON text; empty: none. */
  readonly payload: string;
  readonly missed: Schedule["missed"];
  readonly enabled: boolean;
}

export const NEW_SCHEDULE: ScheduleDraft = {
  endpoint: "",
  cron: "0 9 * * 1-5",
  timezone: DEFAULT_TIMEZONE,
  name: "",
  payload: "",
  missed: "run_once",
  enabled: true,
};

export function draftOf({
  endpoint,
  cron,
  timezone,
  name,
  payload,
  missed,
  enabled,
}: Schedule): ScheduleDraft {
  return { endpoint, cron, timezone, name: name ?? "", payload: payload ?? "", missed, enabled };
}

/** Only what is another value than before, so that what somebody else changed meanwhile stays theirs. */
export function changesBetween(before: ScheduleDraft, after: ScheduleDraft): Partial<ScheduleDraft> {
  return {
    ...(after.endpoint === before.endpoint ? {} : { endpoint: after.endpoint }),
    ...(after.cron === before.cron ? {} : { cron: after.cron }),
    ...(after.timezone === before.timezone ? {} : { timezone: after.timezone }),
    ...(after.name === before.name ? {} : { name: after.name }),
    ...(after.payload === before.payload ? {} : { payload: after.payload }),
    ...(after.missed === before.missed ? {} : { missed: after.missed }),
    ...(after.enabled === before.enabled ? {} : { enabled: after.enabled }),
  };
}

/** In the words of the contract, in which the JSON `null` is no payload. */
export function fieldsOf(changes: Partial<ScheduleDraft>): Partial<ScheduleDraft> {
  return changes.payload?.trim() === "" ? { ...changes, payload: "null" } : changes;
}
