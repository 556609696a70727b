import { Option } from "commander";
import {
  type ExecutionFilter,
  type ExecutionPage,
  executionFilterSchema,
  executionOutcomeSchema,
} from "../../contract/execution-record.ts";
import type { Workbench } from "../../workbench.ts";
import { type RegisterCommand, withCommonOptions } from "../context.ts";
import { parsePositive, parseTime } from "../options.ts";
import { UsageError } from "../terminal.ts";
import { count, milliseconds, table } from "../text.ts";

interface ListOptions {
  extension?: string;
  tenant?: string;
  version?: string;
  outcome?: ExecutionFilter["outcome"];
  code?: string;
  status?: number;
  request?: string;
  text?: string;
  since?: Date;
  until?: Date;
  view?: string;
  limit: number;
  cursor?: string;
}

export const registerExecutionList: RegisterCommand = (group, contextOf) => {
  const list = group
    .command("list")
    .description("list executions, newest first")
    .option("--extension <name>", "only this extension (name, registry id or install id)")
    .option("--tenant <id>", "only this tenant")
    .option("--version <id>", "only this version's id")
    .addOption(new Option("--outcome <outcome>", "only this outcome").choices(executionOutcomeSchema.options))
    .option("--code <code>", "only this error code")
    .option("--status <status>", "only this HTTP status", parsePositive)
    .option("--request <id>", "only this request")
    .option("--text <text>", "path, extension or code that contain this, or a request id that begins so")
    .option("--since <time>", "only since this ISO 8601 time", parseTime)
    .option("--until <time>", "only before this ISO 8601 time", parseTime)
    .option("--view <name>", "the filter saved under this name in the window; other options go before it")
    .option("--limit <n>", "rows in a page", parsePositive, 50)
    .option("--cursor <next>", "continue where the last page ended")
    .addHelpText(
      "after",
      "\nExample:\n  workbench executions list --outcome refused --text /items --limit 10",
    );
  withCommonOptions(list).action(async (options: ListOptions) => {
    const context = contextOf(list);
    await context.withWorkbench(async (workbench) => {
      const page = wholePage(workbench, filterOf(workbench, options));
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
};

/** Searches on until the page is full: a command has the time that a host between its calls has not. */
function wholePage({ executions }: Workbench, filter: ExecutionFilter & { limit: number }): ExecutionPage {
  let page = executions.list(filter);
  const items = [...page.items];
  while (page.next !== undefined && page.searched_to !== undefined && items.length < filter.limit) {
    page = executions.list({ ...filter, cursor: page.next, limit: filter.limit - items.length });
    items.push(...page.items);
  }
  return { items, ...(page.next === undefined ? {} : { next: page.next }) };
}

function filterOf(workbench: Workbench, options: ListOptions): ExecutionFilter & { limit: number } {
  const { extension, tenant, version, outcome, code, status, request, text, since, until, cursor } = options;
  const given = {
    extension,
    tenant_id: tenant,
    version_id: version,
    outcome,
    code,
    status,
    request_id: request,
    text,
    since: since?.toISOString(),
    until: until?.toISOString(),
    cursor,
  };
  const named = options.view === undefined ? {} : viewOf(workbench, options.view);
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...named, ...Object.fromEntries(entries), limit: options.limit };
}

function viewOf({ record, clock }: Workbench, name: string): ExecutionFilter {
  const view = record.views.list("executions").find((each) => each.name === name);
  if (view === undefined) {
    const names = record.views.list("executions").map((each) => each.name);
    throw new UsageError(
      `There is no saved view "${name}".`,
      names.length === 0 ? "Save one in the window's Executions." : `There are: ${names.join(", ")}.`,
    );
  }
  const { within_ms, ...filter } = view.filter;
  const since =
    typeof within_ms === "number" ? new Date(clock.now().getTime() - within_ms).toISOString() : undefined;
  return executionFilterSchema.parse({ ...filter, ...(since === undefined ? {} : { since }) });
}
