import { join } from "node:path";
import type { InstalledExtension } from "../../core/contract/install.ts";
import { randomIds } from "../../core/platform/ids.ts";
import type { Logger } from "../../core/platform/logger.ts";
import type { SystemAnswer, SystemCall } from "../../core/platform/system-call.ts";
import { createScheduler } from "../../core/scheduler/index.ts";
import { type Database, openDatabase } from "../../core/store/index.ts";
import { install, manifest } from "../policy/facts.ts";
import { insertInstall } from "../runner/support/install-row.ts";
import { tempFolder } from "../support/temp.ts";
import { createTestTime, type TestTime } from "../support/timers.ts";

const START = "2026-03-01T12:00:00.000Z";
const note = () => {};
const logger: Logger = { debug: note, info: note, warn: note, error: note };

export const ENDPOINTS = [
  { method: "POST", path: "/sync", handler: "sync" },
  { method: "GET", path: "/report", handler: "report" },
  { method: "GET", path: "/items/:id", handler: "item" },
  { method: "DELETE", path: "/items", handler: "clear" },
];

export interface AutomationHome {
  readonly file: string;
  readonly time: TestTime;
  readonly calls: SystemCall[];
  installed: InstalledExtension;
  /** What the gateway would answer. */
  answer: (call: SystemCall) => Promise<SystemAnswer>;
}

/** A home without gateway and runner: what would be called is written down. */
export function createHome(start = START, folder = tempFolder()): AutomationHome {
  const file = join(folder, "workbench.sqlite");
  const database = openDatabase(file);
  insertInstall(database, "install-1", "tenant-1");
  database.close();
  return {
    file,
    time: createTestTime(start),
    calls: [],
    installed: install({ manifest: manifest({ endpoints: ENDPOINTS }) }),
    answer: async () => ({ status: 200, execution_id: "execution-1" }),
  };
}

/** One host's connection, and the ports that every part of it is made of. */
export function portsOf(home: AutomationHome): {
  database: Database;
  ports: Parameters<typeof createScheduler>[0];
} {
  const database = openDatabase(home.file);
  return {
    database,
    ports: {
      database,
      clock: home.time.clock,
      timers: home.time.timers,
      ids: randomIds,
      logger,
      installs: { find: (id) => (id === home.installed.install_id ? home.installed : undefined) },
      call: (call) => {
        home.calls.push(call);
        return home.answer(call);
      },
    },
  };
}

/** A host over the home: a scheduler with a connection of its own. */
export function openScheduler(home: AutomationHome) {
  const { database, ports } = portsOf(home);
  const scheduler = createScheduler(ports);
  return {
    scheduler,
    database,
    async close() {
      await scheduler.stop();
      database.close();
    },
  };
}

/** An answer that comes when the test says so. */
export function held(): { answer: () => Promise<SystemAnswer>; release(answer: SystemAnswer): void } {
  const { promise, resolve } = Promise.withResolvers<SystemAnswer>();
  return { answer: () => promise, release: resolve };
}
