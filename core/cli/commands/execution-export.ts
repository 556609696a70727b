import { reproductionText } from "../../contract/reproduction.ts";
import { findServing } from "../../wiring/serving.ts";
import { type CommandContext, type RegisterCommand, withCommonOptions } from "../context.ts";
import { writeFile } from "../files.ts";
import { UsageError } from "../terminal.ts";

/** Stands in an archive's addresses when no host serves the home. */
const NO_HOST = "http://localhost";

interface ExportOptions {
  har?: boolean;
  reproduction?: boolean;
  output?: string;
}

export const registerExecutionExport: RegisterCommand = (group, contextOf) => {
  const command = group
    .command("export")
    .description(
      "write executions as an HTTP Archive (HAR 1.2), or one as a reproduction file, without secrets",
    )
    .argument("<execution...>", "execution ids or request ids")
    .option("--har", "an HTTP Archive of all of them")
    .option("--reproduction", "a file from which workbench reproduce sends the same call again")
    .option("-o, --output <file>", "file to write; a reproduction without it goes to standard output")
    .addHelpText(
      "after",
      "\nExamples:\n  workbench executions export --har -o calls.har 0b2f6c1e-…\n  workbench executions export --reproduction -o refused.reproduction.json 0b2f6c1e-…",
    );
  withCommonOptions(command).action(async (ids: string[], options: ExportOptions) => {
    const context = contextOf(command);
    const { har = false, reproduction = false, output } = options;
    if (har === reproduction) throw new UsageError("Say in which format.", "Add --har or --reproduction.");
    if (reproduction) await exportReproduction(context, ids, output);
    else await exportArchive(context, ids, output);
  });
};

async function exportArchive(
  context: CommandContext,
  ids: readonly string[],
  output: string | undefined,
): Promise<void> {
  if (output === undefined) throw new UsageError("Say where to.", "Add -o FILE.");
  await context.withWorkbench(async (workbench) => {
    const path = context.path(output);
    const url = findServing(workbench.environment.home)?.url ?? NO_HOST;
    await writeFile(path, workbench.record.archive.har(ids, url));
    context.answer.result(
      { path, executions: ids.length },
      () => `Wrote ${ids.length} executions to ${path}.`,
    );
  });
}

async function exportReproduction(
  context: CommandContext,
  [id, ...more]: readonly string[],
  output: string | undefined,
): Promise<void> {
  if (id === undefined || more.length > 0)
    throw new UsageError("A reproduction file holds one execution.", "Name one.");
  await context.withWorkbench(async (workbench) => {
    const reproduction = workbench.reproductions.of(id);
    const text = reproductionText(reproduction);
    if (output === undefined) {
      context.answer.result({ reproduction }, () => text.trimEnd());
      return;
    }
    const path = context.path(output);
    await writeFile(path, text);
    const missing = reproduction.omitted.map(({ part, reason }) => `${part} (${reason})`).join(", ");
    context.answer.result({ path, reproduction }, () =>
      [`Wrote ${path}.`, ...(missing === "" ? [] : [`Not in it: ${missing}.`])].join("\n"),
    );
  });
}
