import type { Schedule } from "../../../core/contract/schedule.ts";
import { commandLine } from "../command-line.ts";
import type { Example } from "../example-call.ts";
import type { ScheduleDraft } from "./schedule-draft.ts";

interface Target {
  readonly name: string;
  readonly tenantId: string;
}

export function createCommand(target: Target, draft: ScheduleDraft): string {
  return workbench(
    ...["schedules", "create", target.name, "--endpoint", draft.endpoint, "--cron", draft.cron],
    ...["--timezone", draft.timezone],
    ...(draft.name === "" ? [] : ["--name", draft.name]),
    ...(draft.payload === "" ? [] : ["--payload", draft.payload]),
    ...["--missed", draft.missed, ...(draft.enabled ? [] : ["--disable"])],
    ...["--tenant", target.tenantId],
  );
}

/** Every working morning, an endpoint that is there. */
export function exampleSchedule(example: Example | undefined): string {
  const { install, endpoint } = example ?? {};
  const call = endpoint ? `${endpoint.method} ${endpoint.path}` : "GET /status";
  return workbench(
    ...["schedules", "create", install?.extension_name ?? "com.acme.hello"],
    ...["--endpoint", call, "--cron", "0 9 * * 1-5"],
    ...(install ? ["--tenant", install.tenant_id] : []),
  );
}

/** What is changed, as the command line is given it. */
export function updateCommand(schedule: Schedule, changes: Partial<ScheduleDraft>): string {
  const { endpoint, cron, timezone, name, payload, missed, enabled } = changes;
  return onSchedule(
    "update",
    schedule,
    ...(endpoint === undefined ? [] : ["--endpoint", endpoint]),
    ...(cron === undefined ? [] : ["--cron", cron]),
    ...(timezone === undefined ? [] : ["--timezone", timezone]),
    ...(name === undefined ? [] : ["--name", name]),
    ...(payload === undefined ? [] : ["--payload", payload === "" ? "null" : payload]),
    ...(missed === undefined ? [] : ["--missed", missed]),
    ...(enabled === undefined ? [] : [enabled ? "--enable" : "--disable"]),
  );
}

export function onSchedule(
  verb: "update" | "delete" | "run" | "show",
  { extension_name, name, id, tenant_id }: Schedule,
  ...options: readonly string[]
): string {
  return workbench("schedules", verb, extension_name, name ?? id, ...options, "--tenant", tenant_id);
}

export function publishCommand(topic: string, data: string, tenantId: string | undefined): string {
  return workbench(
    ...["event", "publish", topic === "" ? "TOPIC" : topic],
    ...(data.trim() === "" ? [] : ["--data", data]),
    ...(tenantId === undefined ? [] : ["--tenant", tenantId]),
  );
}

export function redeliverCommand(deliveryId: string): string {
  return workbench("event", "redeliver", deliveryId);
}

function workbench(...words: readonly string[]): string {
  return commandLine(["workbench", ...words]);
}
