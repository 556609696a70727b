import { Option } from "commander";
import { errorBodySchema, WorkbenchError } from "../../contract/errors.ts";
import { type LogLevel, logLevelSchema } from "../../contract/log-event.ts";
import type { LogItem } from "../../contract/log-query.ts";
import { shortId } from "../../contract/short-id.ts";
import { findServing } from "../../wiring/serving.ts";
import { type CommandContext, type RegisterCommand, withCommonOptions } from "../context.ts";
import { type FollowHandlers, followServing, RefusedStream } from "../follow-log.ts";
import { parsePositive, parseTime } from "../options.ts";
import { UsageError } from "../terminal.ts";
import { jsonLine, printable, setIn } from "../text.ts";

interface LogOptions {
  tenant?: string;
  request?: string;
  level?: LogLevel;
  text?: string;
  since?: Date;
  until?: Date;
  limit: number;
  follow?: boolean;
}

export const registerLogs: RegisterCommand = (program, contextOf) => {
  const command = program
    .command("logs")
    .description("show what extensions logged, oldest first")
    .argument("[extension]", "only this extension (name, registry id or install id)")
    .option("--tenant <id>", "only this tenant")
    .option("--request <id>", "only this request")
    .addOption(new Option("--level <level>", "this level and above").choices(logLevelSchema.options))
    .option("--text <text>", "only lines that contain this, without case")
    .option("--since <time>", "only since this ISO 8601 time", parseTime)
    .option("--until <time>", "only before this ISO 8601 time", parseTime)
    .option("--limit <n>", "how many of the newest lines", parsePositive, 200)
    .option("-f, --follow", "show lines as they come, until Ctrl+C; with --json one document a line")
    .addHelpText("after", "\nExample:\n  workbench logs com.acme.hello --level warn --follow");
  withCommonOptions(command).action(async (extension: string | undefined, options: LogOptions) => {
    const context = contextOf(command);
    if (options.follow && (options.since ?? options.until) !== undefined)
      throw new UsageError("Lines to come have no time yet.", "Leave out --follow, or --since and --until.");
    if (options.follow) await follow(context, extension, options);
    else await show(context, extension, options);
  });
};

async function show(
  context: CommandContext,
  extension: string | undefined,
  options: LogOptions,
): Promise<void> {
  await context.withWorkbench(async (workbench) => {
    const extensionId = extension ? workbench.registry.getExtension(extension).registry_id : undefined;
    const page = workbench.logs.query({ ...filterOf(options, extensionId), limit: options.limit });
    context.answer.result(page, () =>
      page.items.length === 0
        ? "No log lines yet. They appear when an extension logs or prints."
        : page.items.map(lineText).join("\n"),
    );
  });
}

/** From the host that serves the home, while there is one; else, and after it has gone, from the database. */
async function follow(
  context: CommandContext,
  extension: string | undefined,
  options: LogOptions,
): Promise<void> {
  const { terminal, answer, environment } = context;
  const { interrupted } = terminal;
  let last: number | undefined;
  const handlers: FollowHandlers = {
    onLine: (line) => {
      last = line.id;
      terminal.stdout.write(answer.json ? `${jsonLine(line)}\n` : `${printable(lineText(line))}\n`);
    },
    onGap: ({ missed }) =>
      answer.progress(`${missed ?? "Some"} lines were missed here; workbench logs shows them.`),
    onOpen: () => answer.progress("Following the running workbench. Press Ctrl+C to stop."),
  };
  const { tenant, request, level, text } = options;
  await followServing(
    () => findServing(environment.home),
    { extension, tenant, request, level, text },
    handlers,
    interrupted,
  ).catch((error: unknown) => {
    throw error instanceof RefusedStream ? refusal(error) : error;
  });
  if (interrupted.aborted) return;
  await context.withWorkbench(async (workbench) => {
    const extensionId = extension ? workbench.registry.getExtension(extension).registry_id : undefined;
    const pages = workbench.logs.tail(filterOf(options, extensionId), { after: last, signal: interrupted });
    answer.progress("Following the log; no workbench serves this data folder. Press Ctrl+C to stop.");
    for await (const page of pages) page.forEach(handlers.onLine);
  });
}

function filterOf({ tenant, request, level, text, since, until }: LogOptions, extension: string | undefined) {
  return {
    ...(extension === undefined ? {} : { extension }),
    ...(tenant === undefined ? {} : { tenant_id: tenant }),
    ...(request === undefined ? {} : { request_id: request }),
    ...(level === undefined ? {} : { min_level: level }),
    ...(text === undefined ? {} : { text }),
    ...(since === undefined ? {} : { since: since.toISOString() }),
    ...(until === undefined ? {} : { until: until.toISOString() }),
  };
}

function lineText(line: LogItem): string {
  return `${line.ts} ${line.level.padEnd(5)} ${shortId(line.request_id)} ${setIn(line.message)}`;
}

function refusal({ status, body }: RefusedStream): WorkbenchError {
  const parsed = errorBodySchema.safeParse(body);
  if (parsed.success) {
    const { code, message, hint } = parsed.data.error;
    return new WorkbenchError({ code, message, ...(hint === undefined ? {} : { hint }) });
  }
  return new WorkbenchError({
    code: "stream_refused",
    kind: "environment",
    message: `The running workbench answered ${status} instead of its log.`,
    hint: "Start it again with workbench serve.",
  });
}
