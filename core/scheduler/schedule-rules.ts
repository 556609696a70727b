import type { Manifest } from "../contract/manifest.ts";
import {
  type FieldErrors,
  MAX_SCHEDULE_NAME_CHARACTERS,
  MAX_SCHEDULE_PAYLOAD_BYTES,
  MISSED_POLICIES,
  type UpdateSchedule,
} from "../contract/schedule.ts";
import { cronFault, normaliseCron, timezoneFault } from "./cron-expression.ts";
import { endpointFault, parseEndpoint } from "./endpoint-choice.ts";

/** Columns that a caller may set; `null` is none. */
export interface ScheduleValues {
  endpoint_method: string;
  endpoint_path: string;
  cron: string;
  timezone: string;
  name: string | null;
  payload: string | null;
  missed: (typeof MISSED_POLICIES)[number];
  enabled: 0 | 1;
}

interface RuleFacts {
  readonly manifest: Manifest;
  isNameTaken(name: string): boolean;
}

type Checked = { readonly values: Partial<ScheduleValues>; readonly errors: FieldErrors };

/**
 * Every rule of a schedule, for whoever sets one: the command line, the window and the extension itself. Fields that
 * are absent are not judged. All faults are named at once.
 */
export function checkSchedule(given: UpdateSchedule, facts: RuleFacts): Checked {
  const values: Partial<ScheduleValues> = {};
  const errors: FieldErrors = {};
  if (given.endpoint !== undefined) {
    const endpoint = parseEndpoint(given.endpoint);
    const fault =
      endpoint === undefined
        ? "expected METHOD /path, such as POST /sync"
        : endpointFault(facts.manifest, endpoint);
    if (fault !== undefined) errors.endpoint = fault;
    values.endpoint_method = endpoint?.method ?? "";
    values.endpoint_path = endpoint?.path ?? "";
  }
  if (given.cron !== undefined) {
    values.cron = normaliseCron(given.cron);
    note(errors, "cron", cronFault(values.cron));
  }
  if (given.timezone !== undefined) {
    values.timezone = given.timezone.trim();
    note(errors, "timezone", timezoneFault(values.timezone));
  }
  if (given.name !== undefined) {
    const name = given.name.trim();
    values.name = name === "" ? null : name;
    note(errors, "name", nameFault(name, facts));
  }
  if (given.payload !== undefined) {
    note(errors, "payload", payloadFault(given.payload));
    values.payload = given.payload.trim() === "null" ? null : given.payload;
  }
  if (given.missed !== undefined) {
    const missed = MISSED_POLICIES.find((policy) => policy === given.missed);
    if (missed === undefined) errors.missed = `expected ${MISSED_POLICIES.join(" or ")}`;
    else values.missed = missed;
  }
  if (given.enabled !== undefined) values.enabled = given.enabled ? 1 : 0;
  return { values, errors };
}

function note(errors: FieldErrors, field: keyof FieldErrors, fault: string | undefined): void {
  if (fault !== undefined) errors[field] = fault;
}

function nameFault(name: string, facts: RuleFacts): string | undefined {
  if ([...name].length > MAX_SCHEDULE_NAME_CHARACTERS)
    return `at most ${MAX_SCHEDULE_NAME_CHARACTERS} characters`;
  if (!name.isWellFormed() || /\p{Cc}/u.test(name)) return "expected text without control characters";
  return name !== "" && facts.isNameTaken(name)
    ? "another schedule of this install has that name"
    : undefined;
}

function payloadFault(payload: string): string | undefined {
  if (Buffer.byteLength(payload) > MAX_SCHEDULE_PAYLOAD_BYTES)
    return `at most ${MAX_SCHEDULE_PAYLOAD_BYTES / 1024} KB`;
  try {
    JSON.parse(payload);
    return undefined;
  } catch {
    return "expected JSON";
  }
}
