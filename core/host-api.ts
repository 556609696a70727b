import type { schedulerCalls } from "./contract/host-calls/scheduler.ts";
import type { HOST_CALLS } from "./contract/host-calls.ts";
import type { Clock } from "./platform/clock.ts";
import type { HostAnswers } from "./platform/host-answers.ts";
import { createStorageAnswers, createStorageRepository } from "./runner/index.ts";
import type { Database } from "./store/index.ts";

export interface HostApiOptions {
  database: Database;
  clock: Clock;
  /** Made with the scheduler, which stands outside because it calls extensions itself. */
  schedules: HostAnswers<typeof schedulerCalls>;
}

/** What answers the extensions' host calls: one line an interface, over the features that own the data. */
export function createHostApi({
  database,
  clock,
  schedules,
}: HostApiOptions): HostAnswers<typeof HOST_CALLS> {
  return {
    ...schedules,
    ...createStorageAnswers(createStorageRepository({ database, clock })),
  };
}
