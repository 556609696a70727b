import type { InstalledExtension } from "../contract/install.ts";
import type { Schedule } from "../contract/schedule.ts";
import { describeCron, nextOccurrences } from "./cron-expression.ts";
import { endpointFault } from "./endpoint-choice.ts";
import type { ScheduleRow } from "./schedule-repository.ts";

/** Occurrences that are told in advance. */
const TOLD_RUNS = 3;

/** Why the installed version cannot run it; found anew at every look, so that an update shows at once. */
export function scheduleProblem(row: ScheduleRow, install: InstalledExtension): string | undefined {
  const fault = endpointFault(install.manifest, { method: row.endpoint_method, path: row.endpoint_path });
  return fault === undefined
    ? undefined
    : `${row.endpoint_method} ${row.endpoint_path} cannot be run: ${fault}.`;
}

export function toSchedule(row: ScheduleRow, install: InstalledExtension, now: Date): Schedule {
  const problem = scheduleProblem(row, install);
  const isOn = row.enabled === 1 && install.enabled && problem === undefined;
  const lastError = problem ?? row.last_error;
  return {
    id: row.id,
    tenant_id: install.tenant_id,
    install_id: row.install_id,
    extension_name: install.extension_name,
    endpoint: `${row.endpoint_method} ${row.endpoint_path}`,
    ...(row.name === null ? {} : { name: row.name }),
    cron: row.cron,
    description: describeCron(row.cron),
    timezone: row.timezone,
    enabled: row.enabled === 1,
    install_enabled: install.enabled,
    missed: row.missed,
    ...(row.payload === null ? {} : { payload: row.payload }),
    ...(problem === undefined ? {} : { problem }),
    next_runs: isOn
      ? nextOccurrences(row.cron, row.timezone, now, TOLD_RUNS).map((date) => date.toISOString())
      : [],
    ...(row.last_run_at === null ? {} : { last_run_at: row.last_run_at }),
    ...(row.last_run_status == null ? {} : { last_run_status: row.last_run_status }),
    ...(lastError === null ? {} : { last_error: lastError }),
    ...(row.last_execution_id === null ? {} : { last_execution_id: row.last_execution_id }),
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}
