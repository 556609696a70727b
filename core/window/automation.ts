import type { HostPorts } from "../host/index.ts";
import { systemTimers, type Timers } from "../platform/timers.ts";
import { ScheduleInvalid } from "../scheduler/index.ts";
import type { Workbench } from "../workbench.ts";

/** What other processes did (a command beside this host) is noticed this soon. */
const ELSEWHERE_POLL_MS = 2_000;

/** Schedules and events as the window sees them. */
export function createWindowAutomation(
  workbench: Pick<Workbench, "automation" | "registry">,
  timers: Timers = systemTimers,
): HostPorts["automation"] {
  const { schedules, events, ...automation } = workbench.automation;
  const installOf = ({ tenant_id, install_id }: { tenant_id: string; install_id: string }) =>
    workbench.registry.getInstall({ ref: install_id, tenantId: tenant_id });

  return {
    schedules: {
      list: ({ tenant_id }) => ({
        schedules: schedules
          .list()
          .filter((schedule) => tenant_id === undefined || schedule.tenant_id === tenant_id),
      }),
      create: ({ fields, ...target }) => orInvalid(() => schedules.create(installOf(target), fields)),
      update: ({ fields, schedule_id, ...target }) =>
        orInvalid(() => schedules.update(installOf(target), schedule_id, fields)),
      remove({ schedule_id, ...target }) {
        schedules.remove(installOf(target), schedule_id);
        return {};
      },
      run: ({ schedule_id, ...target }) => schedules.runNow(installOf(target), schedule_id),
      runs: ({ schedule_id, ...target }) => ({ runs: schedules.runs(installOf(target), schedule_id) }),
      endpoints: (target) => ({ endpoints: schedules.endpoints(installOf(target)) }),
      preview: (given) => schedules.preview(given),
    },
    events: {
      list: (filter) => events.list(filter),
      get: ({ id }) => events.get(id),
      publish: ({ tenant_id, topic, data }) => events.publish({ tenantId: tenant_id, topic, data }),
      deadLetters: ({ tenant_id }) => ({ items: events.deadLetters(tenant_id) }),
      redeliver: ({ delivery_id, tenant_id }) => events.redeliver(delivery_id, tenant_id),
    },
    async *changes(signal) {
      let seen: string | undefined;
      while (!signal.aborted) {
        const revision = automation.revision();
        if (revision !== seen) yield [{ revision }];
        seen = revision;
        if (automation.revision() === seen) await nextChange(automation.subscribe, timers, signal);
      }
    },
  };
}

/** Resolves after a change of this process, after the poll interval, or on abort. */
function nextChange(
  subscribe: (listener: () => void) => () => void,
  timers: Timers,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      unsubscribe();
      cancel();
      signal.removeEventListener("abort", done);
      resolve();
    };
    const unsubscribe = subscribe(done);
    const cancel = timers.after(ELSEWHERE_POLL_MS, done);
    signal.addEventListener("abort", done, { once: true });
  });
}

function orInvalid<Schedule>(change: () => Schedule) {
  try {
    return { outcome: "saved" as const, schedule: change() };
  } catch (error) {
    if (!(error instanceof ScheduleInvalid)) throw error;
    return { outcome: "invalid" as const, field_errors: error.fieldErrors };
  }
}
