import { WorkbenchError } from "../contract/errors.ts";
import { type FieldErrors, MAX_SCHEDULES_PER_INSTALL } from "../contract/schedule.ts";

type ScheduleErrorCode =
  | "schedule_not_found"
  | "schedule_invalid"
  | "schedule_limit"
  | "schedule_running"
  | "schedule_not_runnable";

export class ScheduleError extends WorkbenchError<ScheduleErrorCode> {}

/** Says what is wrong with which field. */
export class ScheduleInvalid extends ScheduleError {
  readonly fieldErrors: FieldErrors;

  constructor(fieldErrors: FieldErrors) {
    super({
      code: "schedule_invalid",
      message: `The schedule is not usable: ${Object.entries(fieldErrors)
        .map(([field, fault]) => `${field}: ${fault}`)
        .join("; ")}.`,
      details: { field_errors: fieldErrors },
    });
    this.fieldErrors = fieldErrors;
  }
}

export const scheduleNotFound = () =>
  new ScheduleError({
    code: "schedule_not_found",
    message: "There is no such schedule.",
    hint: "See workbench schedules list.",
  });

export const tooManySchedules = () =>
  new ScheduleError({
    code: "schedule_limit",
    message: `The install has ${MAX_SCHEDULES_PER_INSTALL} schedules, which is the most.`,
    hint: "Delete one with workbench schedules delete.",
  });

export const alreadyRunning = () =>
  new ScheduleError({
    code: "schedule_running",
    message: "The schedule is running at this moment.",
    hint: "Wait for the run to end: a schedule never runs twice at once.",
  });

export const notRunnable = (problem: string) =>
  new ScheduleError({ code: "schedule_not_runnable", message: problem });
