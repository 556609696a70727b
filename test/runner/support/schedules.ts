import { randomIds } from "../../../core/platform/ids.ts";
import { createLogger } from "../../../core/platform/logger.ts";
import { createScheduler, createSchedulerAnswers } from "../../../core/scheduler/index.ts";
import type { Database } from "../../../core/store/index.ts";
import { install, manifest } from "../../policy/facts.ts";
import { createTestTime } from "../../support/timers.ts";

/** The host's answers to `scheduler` for every install of the home, which all have these endpoints. */
export function schedulesOver(database: Database) {
  const endpoints = [
    { method: "POST", path: "/sync", handler: "sync" },
    { method: "GET", path: "/items/:id", handler: "item" },
  ];
  const installs = { find: (id: string) => install({ install_id: id, manifest: manifest({ endpoints }) }) };
  const { clock, timers } = createTestTime("2026-03-01T12:00:00.000Z");
  const scheduler = createScheduler({
    ...{ database, clock, timers, installs, ids: randomIds, logger: createLogger("silent") },
    call: async () => ({ status: 200 }),
  });
  return createSchedulerAnswers(scheduler, installs);
}
