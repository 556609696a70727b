import type { schedulerCalls } from "../contract/host-calls/scheduler.ts";
import type { InstalledExtension } from "../contract/install.ts";
import { createEvents, type Events } from "../events/index.ts";
import type { Gateway } from "../gateway/index.ts";
import type { Clock } from "../platform/clock.ts";
import type { HostAnswers } from "../platform/host-answers.ts";
import type { Ids } from "../platform/ids.ts";
import type { Logger } from "../platform/logger.ts";
import type { CallAsSystem } from "../platform/system-call.ts";
import { systemTimers } from "../platform/timers.ts";
import { systemCaller } from "../policy/index.ts";
import type { Registry } from "../registry/index.ts";
import { createScheduler, createSchedulerAnswers, type Scheduler } from "../scheduler/index.ts";
import { type Database, dataVersionOf } from "../store/index.ts";
import type { Tenants } from "../tenants/index.ts";

interface AutomationOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly registry: Registry;
  readonly tenants: Tenants;
  /** Asked for at the first call: the gateway is made of a runner that is made of what stands here. */
  gateway(): Gateway;
}

/** What calls extensions by itself: schedules and events. */
export interface Automation {
  readonly schedules: Scheduler;
  readonly events: Events;
  /** Begins to run what is due; a command that only changes things does not. */
  start(): void;
  stop(): Promise<void>;
  /** Told after every change that this process made. The answer ends it. */
  subscribe(listener: () => void): () => void;
  /** The same text as long as nothing has changed, here or in another process. */
  revision(): string;
}

/** Schedules and events over one home, and what extensions see of them. */
export function createAutomation(options: AutomationOptions): Automation & {
  readonly hostAnswers: HostAnswers<typeof schedulerCalls>;
} {
  const { database, clock, ids, logger, registry, tenants } = options;
  const installs = {
    find: (installId: string): InstalledExtension | undefined =>
      registry.findInstallAnywhere(installId).find(({ install_id }) => install_id === installId),
    subscribers: registry.subscribers,
  };
  const call: CallAsSystem = async ({ caller, install, method, path, body, idempotencyKey, signal }) => {
    const tenant = tenants.get(install.tenant_id);
    if (tenant === undefined) throw new Error("an install outlived its tenant");
    return options.gateway().call({
      extension: install.install_id,
      method,
      target: path,
      headers: [
        { name: "x-idempotency-key", value: idempotencyKey },
        ...(body === undefined ? [] : [{ name: "content-type", value: "application/json" }]),
      ],
      body: body === undefined ? undefined : Buffer.from(body),
      caller: systemCaller(tenant, caller),
      signal,
    });
  };
  const shared = { database, clock, ids, logger, timers: systemTimers, installs, call };
  const schedules = createScheduler(shared);
  const events = createEvents({ ...shared, random: Math.random });
  const others = dataVersionOf(database);
  let own = 0;
  function subscribe(listener: () => void): () => void {
    const ends = [schedules.subscribe(listener), events.subscribe(listener)];
    return () => {
      for (const end of ends) end();
    };
  }
  subscribe(() => {
    own += 1;
  });
  return {
    schedules,
    events,
    subscribe,
    revision: () => `${others()}:${own}`,
    hostAnswers: createSchedulerAnswers(schedules, installs),
    start() {
      schedules.start();
      events.start();
    },
    async stop() {
      await Promise.all([schedules.stop(), events.stop()]);
    },
  };
}
