import { type Command, Option } from "commander";
import type { InstalledExtension } from "../../contract/install.ts";
import {
  DEFAULT_TIMEZONE,
  MISSED_POLICIES,
  type Schedule,
  type ScheduleRun,
  type UpdateSchedule,
} from "../../contract/schedule.ts";
import type { Workbench } from "../../workbench.ts";
import { type CommandContext, type RegisterCommand, withCommonOptions } from "../context.ts";
import { textOf } from "../data-option.ts";
import { UsageError } from "../terminal.ts";
import { oneLine, table } from "../text.ts";

interface TenantOption {
  tenant?: string;
}

interface FieldOptions extends TenantOption {
  endpoint?: string;
  cron?: string;
  timezone?: string;
  name?: string;
  payload?: string;
  missed?: string;
  enable?: true;
  disable?: true;
}

const TENANT = ["--tenant <id>", "tenant (default: the development tenant)"] as const;
const EXTENSION = ["<extension>", "name, registry id or install id"] as const;
const SCHEDULE = ["<schedule>", "id or name of the schedule"] as const;

export const registerSchedules: RegisterCommand = (program, contextOf) => {
  const group = withCommonOptions(program.command("schedules"))
    .description("call an extension's endpoints by a cron schedule; a running host runs them")
    .addHelpText(
      "after",
      '\nExample:\n  workbench schedules create com.acme.hello --endpoint "POST /sync" --cron "0 9 * * 1-5"',
    );

  const list = group
    .command("list")
    .description("list schedules with their next and last runs")
    .argument("[extension]", "only this extension (name, registry id or install id)")
    .option(...TENANT)
    .addHelpText("after", "\nExample:\n  workbench schedules list com.acme.hello");
  withCommonOptions(list).action(async (extension: string | undefined, options: TenantOption) => {
    const context = contextOf(list);
    await context.withWorkbench(async (workbench) => {
      const only = extension === undefined ? undefined : installOf(workbench, extension, options);
      const tenant = options.tenant === undefined ? undefined : workbench.tenantId(options.tenant);
      const schedules = workbench.automation.schedules
        .list(only?.install_id)
        .filter(({ tenant_id }) => tenant === undefined || tenant_id === tenant);
      context.answer.result({ schedules }, () =>
        table(
          ["extension", "endpoint", "cron", "zone", "next", "last", "name or id"],
          schedules.map((schedule) => [
            schedule.extension_name,
            schedule.endpoint,
            schedule.cron,
            schedule.timezone,
            schedule.next_runs[0] ?? (schedule.enabled ? "–" : "disabled"),
            schedule.last_run_status ?? "",
            schedule.name ?? schedule.id,
          ]),
        ),
      );
    });
  });

  const show = onSchedule(group, "show", "show one schedule with its newest runs");
  show.addHelpText("after", "\nExample:\n  workbench schedules show com.acme.hello nightly");
  withCommonOptions(show).action(async (extension: string, ref: string, options: TenantOption) => {
    const context = contextOf(show);
    await context.withWorkbench(async (workbench) => {
      const install = installOf(workbench, extension, options);
      const schedule = workbench.automation.schedules.get(install, ref);
      const runs = workbench.automation.schedules.runs(install, schedule.id);
      context.answer.result({ ...schedule, runs }, () =>
        [
          inWords(schedule),
          "",
          table(
            ["due", "trigger", "outcome", "why", "execution"],
            runs.map((run) => [
              run.due_at,
              run.trigger,
              run.outcome,
              run.error ?? "",
              run.execution_id ?? "",
            ]),
          ),
        ].join("\n"),
      );
    });
  });

  const create = withFields(
    group
      .command("create")
      .description("make a schedule")
      .argument(...EXTENSION)
      .option(...TENANT),
    true,
  )
    .option("--disable", "make it without running it yet")
    .addHelpText(
      "after",
      '\nExample:\n  workbench schedules create com.acme.hello --endpoint "POST /sync" --cron "0 9 * * 1-5" --timezone Europe/Berlin --name nightly',
    );
  withCommonOptions(create).action(
    async (extension: string, options: FieldOptions & { endpoint: string; cron: string }) => {
      const context = contextOf(create);
      const fields = {
        ...(await fieldsOf(context, options)),
        endpoint: options.endpoint,
        cron: options.cron,
      };
      await context.withWorkbench(async (workbench) => {
        const schedule = workbench.automation.schedules.create(
          installOf(workbench, extension, options),
          fields,
        );
        context.answer.result(schedule, () => inWords(schedule));
      });
    },
  );

  const update = withFields(onSchedule(group, "update", "change what is named of a schedule"), false)
    .addOption(new Option("--enable", "let it run").conflicts("disable"))
    .option("--disable", "keep it without running it")
    .addHelpText(
      "after",
      "\nAn empty --name removes the name, --payload null the payload.\n\nExample:\n  workbench schedules update com.acme.hello nightly --cron '30 6 * * *'",
    );
  withCommonOptions(update).action(async (extension: string, ref: string, options: FieldOptions) => {
    const context = contextOf(update);
    const fields = await fieldsOf(context, options);
    if (Object.keys(fields).length === 0) throw new UsageError("Nothing to change is named.");
    await context.withWorkbench(async (workbench) => {
      const install = installOf(workbench, extension, options);
      const schedule = workbench.automation.schedules.update(install, ref, fields);
      context.answer.result(schedule, () => inWords(schedule));
    });
  });

  const remove = onSchedule(group, "delete", "remove a schedule; the executions of its runs stay");
  remove.addHelpText("after", "\nExample:\n  workbench schedules delete com.acme.hello nightly");
  withCommonOptions(remove).action(async (extension: string, ref: string, options: TenantOption) => {
    const context = contextOf(remove);
    await context.withWorkbench(async (workbench) => {
      const removed = workbench.automation.schedules.remove(installOf(workbench, extension, options), ref);
      context.answer.result({ id: removed.id, deleted: true }, () => `Deleted ${removed.name ?? removed.id}`);
    });
  });

  const run = onSchedule(
    group,
    "run",
    "run a schedule now, through the gateway and a runner of this command",
  );
  run.addHelpText(
    "after",
    "\nExits 0 whenever the run came to an end, whatever its outcome.\n\nExample:\n  workbench schedules run com.acme.hello nightly",
  );
  withCommonOptions(run).action(async (extension: string, ref: string, options: TenantOption) => {
    const context = contextOf(run);
    await context.withWorkbench(async (workbench) => {
      const install = installOf(workbench, extension, options);
      workbench.automation.schedules.get(install, ref);
      await workbench.runner.start();
      const ended = await workbench.automation.schedules.runNow(install, ref);
      context.answer.result(ended, () => runInWords(ended));
    });
  });

  const endpoints = group
    .command("endpoints")
    .description("list an extension's endpoints and which of them a schedule may call")
    .argument(...EXTENSION)
    .option(...TENANT)
    .addHelpText("after", "\nExample:\n  workbench schedules endpoints com.acme.hello");
  withCommonOptions(endpoints).action(async (extension: string, options: TenantOption) => {
    const context = contextOf(endpoints);
    await context.withWorkbench(async (workbench) => {
      const items = workbench.automation.schedules.endpoints(installOf(workbench, extension, options));
      context.answer.result({ endpoints: items }, () =>
        items.length === 0
          ? "The manifest lists no endpoints: a schedule may call any GET or POST path."
          : table(
              ["endpoint", "handler", "schedulable"],
              items.map(({ id, handler, schedulable }) => [id, handler, schedulable ? "yes" : "no"]),
            ),
      );
    });
  });
};

function onSchedule(group: Command, name: string, description: string): Command {
  return group
    .command(name)
    .description(description)
    .argument(...EXTENSION)
    .argument(...SCHEDULE)
    .option(...TENANT);
}

function withFields(command: Command, isNew: boolean): Command {
  const required = (flags: string, text: string) =>
    command.addOption(new Option(flags, text).makeOptionMandatory(isNew));
  required("--endpoint <endpoint>", 'endpoint of the manifest, such as "POST /sync"');
  required("--cron <expression>", "minute, hour, day of month, month, day of week; at least 5 minutes apart");
  return command
    .option("--timezone <zone>", `IANA time zone${isNew ? ` (default: ${DEFAULT_TIMEZONE})` : ""}`)
    .option("--name <name>", "name, unique for the install")
    .option("--payload <json>", "JSON body of a POST (@FILE reads a file, @- standard input)")
    .addOption(
      new Option("--missed <policy>", "what becomes of runs that no host was there for").choices(
        MISSED_POLICIES,
      ),
    );
}

async function fieldsOf(context: CommandContext, options: FieldOptions): Promise<UpdateSchedule> {
  const { endpoint, cron, timezone, name, payload, missed, enable, disable } = options;
  return {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(cron === undefined ? {} : { cron }),
    ...(timezone === undefined ? {} : { timezone }),
    ...(name === undefined ? {} : { name }),
    ...(payload === undefined ? {} : { payload: await textOf(context, payload) }),
    ...(missed === undefined ? {} : { missed }),
    ...(enable ? { enabled: true } : {}),
    ...(disable ? { enabled: false } : {}),
  };
}

function installOf(workbench: Workbench, extension: string, options: TenantOption): InstalledExtension {
  return workbench.registry.getInstall({ ref: extension, tenantId: workbench.tenantId(options.tenant) });
}

function inWords(schedule: Schedule): string {
  return [
    `${schedule.name ?? schedule.id}  ${schedule.endpoint}  ${schedule.extension_name}`,
    `${schedule.description} (${schedule.timezone})${schedule.enabled ? "" : ", disabled"}`,
    ...(schedule.problem ? [`! ${schedule.problem}`] : []),
    ...schedule.next_runs.map((next) => `next ${next}`),
    ...(schedule.last_run_at ? [`last ${schedule.last_run_at}  ${schedule.last_run_status ?? ""}`] : []),
  ]
    .map(oneLine)
    .join("\n");
}

function runInWords(run: ScheduleRun): string {
  return oneLine([run.outcome, run.status, run.error, run.execution_id].filter(Boolean).join("  "));
}
