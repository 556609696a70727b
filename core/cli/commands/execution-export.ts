import { findServing } from "../../serving.ts";
import { type RegisterCommand, withCommonOptions } from "../context.ts";
import { writeFile } from "../files.ts";
import { UsageError } from "../terminal.ts";

/** Stands in an archive's addresses when no host serves the home. */
const NO_HOST = "http://localhost";

export const registerExecutionExport: RegisterCommand = (group, contextOf) => {
  const command = group
    .command("export")
    .description("write executions as an HTTP Archive (HAR 1.2), without secrets")
    .argument("<execution...>", "execution ids or request ids")
    .option("--har", "the format; there is no other yet")
    .requiredOption("-o, --output <file>", "file to write")
    .addHelpText("after", "\nExample:\n  workbench executions export --har -o calls.har 0b2f6c1e-…");
  withCommonOptions(command).action(async (ids: string[], options: { har?: boolean; output: string }) => {
    const context = contextOf(command);
    if (options.har !== true) throw new UsageError("Say in which format.", "Add --har.");
    await context.withWorkbench(async (workbench) => {
      const path = context.path(options.output);
      const url = findServing(workbench.environment.home)?.url ?? NO_HOST;
      await writeFile(path, workbench.record.archive.har(ids, url));
      context.answer.result(
        { path, executions: ids.length },
        () => `Wrote ${ids.length} executions to ${path}.`,
      );
    });
  });
};
