import {
  MAX_SCHEDULE_NAME_CHARACTERS,
  MAX_SCHEDULE_PAYLOAD_BYTES,
  SCHEDULE_FIELDS,
} from "../../contract/schedule.ts";
import type { HostInterface } from "./dispatcher.ts";
import { recordOr } from "./record-answer.ts";
import type { RunnerScope } from "./runner-scope.ts";

/** Longest text of any field but the payload that travels to the host; each rule's limit is well below. */
const MAX_TEXT_CHARACTERS = 32 * MAX_SCHEDULE_NAME_CHARACTERS;

/** Schedules live with the host, which judges them by the same rules as everybody else's. */
export const scheduler: HostInterface<"scheduler", RunnerScope> = {
  listSchedules: (scope) => scope.askHost("scheduler.list", {}),
  getSchedule: (scope, id) => scope.askHost("scheduler.get", { scheduleId: text(id) }),
  createSchedule: (scope, input) => recordOr(scope.askHost("scheduler.create", { input: travelling(input) })),
  updateSchedule: (scope, id, input) =>
    recordOr(scope.askHost("scheduler.update", { scheduleId: text(id), input: travelling(input) })),
  deleteSchedule: (scope, id) => recordOr(scope.askHost("scheduler.delete", { scheduleId: text(id) })),
  getEndpoints: (scope) => scope.askHost("scheduler.endpoints", {}),
};

/** What is over its limit stays over it when it is cut, so that the host names the field and nothing huge travels. */
function travelling(input: unknown): Record<string, unknown> {
  if (typeof input !== "object" || input === null) return {};
  const values = new Map(Object.entries(input));
  return Object.fromEntries(
    [...SCHEDULE_FIELDS, "enabled"].flatMap((field) => {
      const value = values.get(field);
      const limit = field === "payload" ? MAX_SCHEDULE_PAYLOAD_BYTES : MAX_TEXT_CHARACTERS;
      return value === undefined ? [] : [[field, text(value, limit)]];
    }),
  );
}

function text(value: unknown, limit = MAX_TEXT_CHARACTERS): unknown {
  return typeof value === "string" ? value.slice(0, limit + 1) : value;
}
