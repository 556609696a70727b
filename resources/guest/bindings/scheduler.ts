import * as schedules from "alga:extension/scheduler";
import type { HostBindings, ScheduleInfo } from "../../runtime/index.js";
import { call } from "./call.ts";

/** Strings of JSON in the world, values in the runtime's types. */
const json = (value: unknown) => (value === undefined ? undefined : JSON.stringify(value));

function parsed(text: string | null | undefined): unknown {
  if (text == null) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function fieldErrors(text: string | null | undefined): { fieldErrors?: Record<string, string> } {
  const value = parsed(text);
  return typeof value === "object" && value !== null ? { fieldErrors: value as Record<string, string> } : {};
}

const schedule = (info: schedules.ScheduleInfo): ScheduleInfo => ({ ...info, payload: parsed(info.payload) });

export const scheduler: HostBindings["scheduler"] = {
  list: async () => call("scheduler.list", schedules.listSchedules).map(schedule),
  async get(scheduleId) {
    const info = call("scheduler.get", () => schedules.getSchedule(scheduleId));
    return info == null ? null : schedule(info);
  },
  async create({ endpoint, cron, timezone, enabled, name, payload }) {
    const { fieldErrors: errors, ...result } = call("scheduler.create", () =>
      schedules.createSchedule({ endpoint, cron, timezone, enabled, name, payload: json(payload) }),
    );
    return { ...result, ...fieldErrors(errors) };
  },
  async update(scheduleId, { endpoint, cron, timezone, enabled, name, payload }) {
    const { fieldErrors: errors, ...result } = call("scheduler.update", () =>
      schedules.updateSchedule(scheduleId, {
        endpoint,
        cron,
        timezone,
        enabled,
        name: name === null ? "" : name,
        payload: json(payload),
      }),
    );
    return { ...result, ...fieldErrors(errors) };
  },
  delete: async (scheduleId) => call("scheduler.delete", () => schedules.deleteSchedule(scheduleId)),
  getEndpoints: async () => call("scheduler.getEndpoints", schedules.getEndpoints),
};
