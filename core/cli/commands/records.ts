import { Option } from "commander";
import { WorkbenchError } from "../../contract/errors.ts";
import { type RegisterCommand, withCommonOptions } from "../context.ts";
import { headroomText } from "../headroom-text.ts";
import { detailLines } from "../host-call-text.ts";
import { parsePositive, parseTime } from "../options.ts";
import { count, milliseconds, oneLine, setIn, table } from "../text.ts";

/** Log lines shown beside one execution; an execution may write no more. */
const MAX_LINES = 1_000;

interface ExecutionListOptions {
  extension?: string;
  tenant?: string;
  outcome?: "running" | "succeeded" | "refused" | "failed" | "interrupted";
  code?: string;
  since?: Date;
  limit: number;
  cursor?: string;
}

export const registerExecutions: RegisterCommand = (program, contextOf) => {
  const group = withCommonOptions(program.command("executions"))
    .description("what was called, how it ended and why")
    .addHelpText("after", "\nExample:\n  workbench executions list --limit 10");
  const list = group
    .command("list")
    .description("list executions, newest first")
    .option("--extension <name>", "only this extension (name, registry id or install id)")
    .option("--tenant <id>", "only this tenant")
    .addOption(
      new Option("--outcome <outcome>", "only this outcome").choices([
        "running",
        "succeeded",
        "refused",
        "failed",
        "interrupted",
      ]),
    )
    .option("--code <code>", "only this error code")
    .option("--since <time>", "only since this ISO 8601 time", parseTime)
    .option("--limit <n>", "rows in a page", parsePositive, 50)
    .option("--cursor <next>", "continue where the last page ended")
    .addHelpText("after", "\nExample:\n  workbench executions list --outcome refused --limit 10");
  withCommonOptions(list).action(async (options: ExecutionListOptions) => {
    const context = contextOf(list);
    await context.withWorkbench(async (workbench) => {
      const page = workbench.executions.list({
        limit: options.limit,
        ...(options.extension ? { extension: options.extension } : {}),
        ...(options.tenant ? { tenant_id: options.tenant } : {}),
        ...(options.outcome ? { outcome: options.outcome } : {}),
        ...(options.code ? { code: options.code } : {}),
        ...(options.since ? { since: options.since.toISOString() } : {}),
        ...(options.cursor ? { cursor: options.cursor } : {}),
      });
      context.answer.result(page, () =>
        table(
          ["started", "status", "code", "method", "path", "extension", "duration", "fuel", "id"],
          page.items.map((row) => [
            row.started_at,
            String(row.status ?? row.outcome),
            row.code ?? "",
            row.method,
            row.path,
            row.extension_name,
            row.usage ? milliseconds(row.usage.duration_ms) : "",
            row.usage ? count(row.usage.fuel) : "",
            row.id,
          ]),
        ),
      );
    });
  });

  const show = group
    .command("show")
    .description("show one execution with its decisions and log lines")
    .argument("<execution>", "execution id or request id")
    .option("--headroom", "how far it was from the limits in force and from those of each quota profile")
    .addHelpText("after", "\nExample:\n  workbench executions show 0b2f6c1e-… --headroom");
  withCommonOptions(show).action(async (id: string, options: { headroom?: boolean }) => {
    const context = contextOf(show);
    await context.withWorkbench(async (workbench) => {
      const execution = workbench.executions.find(id);
      if (!execution) {
        throw new WorkbenchError({
          code: "execution_not_found",
          message: "There is no execution with that id or request id.",
          hint: "See workbench executions list.",
        });
      }
      const { items: logs } = workbench.logs.query({ request_id: execution.request_id, limit: MAX_LINES });
      const detail = workbench.recordings.detail(execution);
      const headroom = options.headroom ? workbench.quotas.headroom(execution.id).profiles : undefined;
      context.answer.result({ ...execution, ...detail, logs, ...(headroom ? { headroom } : {}) }, () =>
        [
          `${execution.method} ${execution.path}  ${execution.status ?? execution.outcome} ${execution.code ?? ""}`.trimEnd(),
          `${execution.extension_name}  request ${execution.request_id}`,
          `${execution.started_at} → ${execution.finished_at ?? "not finished"}`,
          "",
          ...execution.trace.map(
            (step) =>
              `${step.outcome === "allow" ? "✓" : "✗"} ${step.rule}  ${oneLine(step.detail)}  [${step.source}]`,
          ),
          "",
          ...detailLines(detail, execution.usage),
          "",
          ...logs.map((line) => `${line.ts} ${line.level} ${setIn(line.message)}`),
          ...(headroom ? ["", headroomText(headroom)] : []),
        ].join("\n"),
      );
    });
  });
};

interface LogOptions {
  tenant?: string;
  request?: string;
  level?: "debug" | "info" | "warn" | "error";
  limit: number;
}

export const registerLogs: RegisterCommand = (program, contextOf) => {
  const command = program
    .command("logs")
    .description("show what extensions logged, oldest first")
    .argument("[extension]", "only this extension (name, registry id or install id)")
    .option("--tenant <id>", "only this tenant")
    .option("--request <id>", "only this request")
    .addOption(
      new Option("--level <level>", "this level and above").choices(["debug", "info", "warn", "error"]),
    )
    .option("--limit <n>", "how many of the newest lines", parsePositive, 200)
    .addHelpText("after", "\nExample:\n  workbench logs com.acme.hello --level warn");
  withCommonOptions(command).action(async (extension: string | undefined, options: LogOptions) => {
    const context = contextOf(command);
    await context.withWorkbench(async (workbench) => {
      const extensionId = extension ? workbench.registry.getExtension(extension).registry_id : undefined;
      const page = workbench.logs.query({
        limit: options.limit,
        ...(extensionId ? { extension: extensionId } : {}),
        ...(options.tenant ? { tenant_id: options.tenant } : {}),
        ...(options.request ? { request_id: options.request } : {}),
        ...(options.level ? { min_level: options.level } : {}),
      });
      context.answer.result(page, () =>
        page.items.length === 0
          ? "No log lines yet. They appear when an extension logs or prints."
          : page.items
              .map(
                (line) =>
                  `${line.ts} ${line.level.padEnd(5)} ${line.request_id.slice(0, 8)} ${setIn(line.message)}`,
              )
              .join("\n"),
      );
    });
  });
};
