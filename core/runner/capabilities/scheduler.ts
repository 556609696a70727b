import type { HostInterface } from "./dispatcher.ts";
import type { RunnerScope } from "./runner-scope.ts";
import { REFUSED_RECORD, refuse } from "./unserved.ts";

/** Linked, and refused even when granted: this runner has no schedules to answer from yet. */
export const scheduler: HostInterface<"scheduler", RunnerScope> = {
  listSchedules: () => refuse("denied"),
  getSchedule: () => refuse("denied"),
  createSchedule: () => REFUSED_RECORD,
  updateSchedule: () => REFUSED_RECORD,
  deleteSchedule: () => REFUSED_RECORD,
  getEndpoints: () => refuse("denied"),
};
