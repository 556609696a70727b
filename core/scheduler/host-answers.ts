import type { schedulerCalls } from "../contract/host-calls/scheduler.ts";
import { HostCallError } from "../contract/host-calls.ts";
import type { InstalledExtension } from "../contract/install.ts";
import type { Schedule } from "../contract/schedule.ts";
import type { HostAnswers } from "../platform/host-answers.ts";
import { ScheduleError, ScheduleInvalid } from "./errors.ts";
import type { SchedulerPorts } from "./ports.ts";
import type { Scheduler } from "./scheduler.ts";

/** The interface `scheduler`: an extension sees and changes the schedules of its own install only. */
export function createSchedulerAnswers(
  scheduler: Pick<Scheduler, "list" | "get" | "create" | "update" | "remove" | "endpoints">,
  installs: SchedulerPorts["installs"],
): HostAnswers<typeof schedulerCalls> {
  function own(scope: { readonly install_id: string }): InstalledExtension {
    const install = installs.find(scope.install_id);
    if (install === undefined) throw new HostCallError("internal", "the install is gone");
    return install;
  }
  return {
    "scheduler.list": ({ install_id }) => scheduler.list(install_id).map(toInfo),
    "scheduler.get": (scope, { scheduleId }) => {
      const schedule = scheduler.list(own(scope).install_id).find(({ id }) => id === scheduleId);
      return schedule === undefined ? undefined : toInfo(schedule);
    },
    "scheduler.create": (scope, { input }) =>
      answerOf(() => ({ scheduleId: scheduler.create(own(scope), input).id })),
    "scheduler.update": (scope, { scheduleId, input }) =>
      answerOf(() => void scheduler.update(own(scope), scheduleId, input)),
    "scheduler.delete": (scope, { scheduleId }) =>
      answerOf(() => void scheduler.remove(own(scope), scheduleId)),
    "scheduler.endpoints": (scope) => scheduler.endpoints(own(scope)),
  };
}

/** A rule that says no is an answer of the interface, not a failure of the call. */
function answerOf(change: () => { scheduleId: string } | undefined) {
  try {
    return { success: true, ...change() };
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    return {
      success: false,
      error: error.message,
      ...(error instanceof ScheduleInvalid ? { fieldErrors: JSON.stringify(error.fieldErrors) } : {}),
    };
  }
}

/** `schedule-info` of the world. */
function toInfo(schedule: Schedule) {
  const [method = "", path = ""] = schedule.endpoint.split(" ");
  return {
    id: schedule.id,
    endpointPath: path,
    endpointMethod: method,
    name: schedule.name,
    cron: schedule.cron,
    timezone: schedule.timezone,
    enabled: schedule.enabled,
    payload: schedule.payload,
    lastRunAt: schedule.last_run_at,
    lastRunStatus: schedule.last_run_status,
    lastError: schedule.last_error,
    createdAt: schedule.created_at,
  };
}
