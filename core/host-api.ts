import type { HOST_CALLS } from "./contract/host-calls.ts";
import type { Clock } from "./platform/clock.ts";
import type { HostAnswers } from "./platform/host-answers.ts";
import { createStorageAnswers, createStorageRepository } from "./runner/index.ts";
import type { Database } from "./store/index.ts";

export interface HostApiOptions {
  database: Database;
  clock: Clock;
}

/** What answers the extensions' host calls: one line an interface, over the features that own the data. */
export function createHostApi({ database, clock }: HostApiOptions): HostAnswers<typeof HOST_CALLS> {
  return {
    ...createStorageAnswers(createStorageRepository({ database, clock })),
  };
}
