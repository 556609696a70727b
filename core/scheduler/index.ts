export { ScheduleInvalid } from "./errors.ts";
export { createSchedulerAnswers } from "./host-answers.ts";
export { createScheduler, type Scheduler } from "./scheduler.ts";
