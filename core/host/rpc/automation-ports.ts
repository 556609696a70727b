import type { Answers } from "./keys-ports.ts";

/** Schedules and events, as the window asks for them. */
export interface AutomationPort {
  schedules: {
    list: Answers<"schedules.list">;
    create: Answers<"schedules.create">;
    update: Answers<"schedules.update">;
    remove: Answers<"schedules.delete">;
    run: Answers<"schedules.run">;
    runs: Answers<"schedules.runs">;
    endpoints: Answers<"schedules.endpoints">;
    preview: Answers<"schedules.preview">;
  };
  events: {
    list: Answers<"events.list">;
    get: Answers<"events.get">;
    publish: Answers<"events.publish">;
    deadLetters: Answers<"events.dead_letters">;
    redeliver: Answers<"events.redeliver">;
  };
  changes(signal: AbortSignal): AsyncIterable<readonly { revision: string }[]>;
}
