import type { InstalledExtension } from "../contract/install.ts";
import {
  type CreateSchedule,
  DEFAULT_TIMEZONE,
  MAX_SCHEDULES_PER_INSTALL,
  type Schedule,
  type UpdateSchedule,
} from "../contract/schedule.ts";
import { nextOccurrence } from "./cron-expression.ts";
import { ScheduleInvalid, scheduleNotFound, tooManySchedules } from "./errors.ts";
import type { SchedulerPorts } from "./ports.ts";
import type { ScheduleRepository, ScheduleRow } from "./schedule-repository.ts";
import { checkSchedule } from "./schedule-rules.ts";
import { toSchedule } from "./schedule-view.ts";

interface BookParts {
  readonly ports: Pick<SchedulerPorts, "database" | "clock" | "ids" | "installs">;
  readonly schedules: ScheduleRepository;
  changed(): void;
}

/** What schedules there are: made, changed and removed under one set of rules, whoever asks. */
export function createScheduleBook({ ports, schedules, changed }: BookParts) {
  const { database, clock, ids, installs } = ports;

  function checked(install: InstalledExtension, given: UpdateSchedule, own?: string) {
    const { values, errors } = checkSchedule(given, {
      manifest: install.manifest,
      isNameTaken: (name) =>
        schedules.list(install.install_id).some((row) => row.name === name && row.id !== own),
    });
    if (Object.keys(errors).length > 0) throw new ScheduleInvalid(errors);
    return values;
  }

  function nextRunOf(row: Pick<ScheduleRow, "enabled" | "cron" | "timezone">): string | null {
    if (row.enabled === 0) return null;
    return nextOccurrence(row.cron, row.timezone, clock.now())?.toISOString() ?? null;
  }

  const add = database.transaction((install: InstalledExtension, given: CreateSchedule): ScheduleRow => {
    const values = checked(install, given);
    if (schedules.count(install.install_id) >= MAX_SCHEDULES_PER_INSTALL) throw tooManySchedules();
    const now = clock.now().toISOString();
    const row: ScheduleRow = {
      endpoint_method: "",
      endpoint_path: "",
      cron: "",
      timezone: DEFAULT_TIMEZONE,
      name: null,
      payload: null,
      missed: "run_once",
      enabled: 1,
      ...values,
      id: ids.uuid(),
      install_id: install.install_id,
      next_run_at: null,
      last_run_at: null,
      last_run_status: null,
      last_error: null,
      last_execution_id: null,
      created_at: now,
      updated_at: now,
    };
    const planned = { ...row, next_run_at: nextRunOf(row) };
    schedules.add(planned);
    return planned;
  });

  const save = database.transaction(
    (install: InstalledExtension, id: string, given: UpdateSchedule): ScheduleRow => {
      const before = require(install, id);
      // Moved to a version without its endpoint, a schedule is still to be renamed, disabled or given another one.
      const after = {
        ...before,
        ...checked(install, given, before.id),
        updated_at: clock.now().toISOString(),
      };
      const isReplanned =
        after.cron !== before.cron || after.timezone !== before.timezone || after.enabled !== before.enabled;
      const planned = isReplanned ? { ...after, next_run_at: nextRunOf(after) } : after;
      schedules.save(planned);
      return planned;
    },
  );

  /** The install's schedule by id or name. */
  function require(install: InstalledExtension, ref: string): ScheduleRow {
    const own = schedules.list(install.install_id);
    const row = own.find(({ id }) => id === ref) ?? own.find(({ name }) => name === ref);
    if (row === undefined) throw scheduleNotFound();
    return row;
  }

  const shown = (row: ScheduleRow, install: InstalledExtension) => toSchedule(row, install, clock.now());

  return {
    list(installId?: string): Schedule[] {
      return schedules.list(installId).flatMap((row) => {
        const install = installs.find(row.install_id);
        return install === undefined ? [] : [shown(row, install)];
      });
    },
    /** Errors: `schedule_not_found`. */
    get: (install: InstalledExtension, ref: string): Schedule => shown(require(install, ref), install),
    /** Errors: `schedule_invalid` with the faults by field, `schedule_limit`. */
    create(install: InstalledExtension, given: CreateSchedule): Schedule {
      const row = add.immediate(install, given);
      changed();
      return shown(row, install);
    },
    /** Errors: `schedule_not_found`, `schedule_invalid`. */
    update(install: InstalledExtension, ref: string, given: UpdateSchedule): Schedule {
      const row = save.immediate(install, ref, given);
      changed();
      return shown(row, install);
    },
    /** Removes it with its runs; their executions stay. Errors: `schedule_not_found`. */
    remove(install: InstalledExtension, ref: string): Schedule {
      const row = require(install, ref);
      schedules.remove(row.id);
      changed();
      return shown(row, install);
    },
  };
}
