import { retentionPolicySchema } from "../../contract/retention.ts";
import { type RegisterCommand, withCommonOptions } from "../context.ts";
import { parsePositive } from "../options.ts";
import { UsageError } from "../terminal.ts";
import { count } from "../text.ts";

interface PruneOptions {
  days?: number;
  rows?: number;
  logDays?: number;
  logRows?: number;
  megabytes?: number;
  save?: boolean;
}

export const registerExecutionPrune: RegisterCommand = (group, contextOf) => {
  const command = group
    .command("prune")
    .description("remove executions and log lines that are older or more than is kept")
    .option("--days <n>", "keep executions of so many days", parsePositive)
    .option("--rows <n>", "keep so many executions, at least 1000", parsePositive)
    .option("--log-days <n>", "keep log lines of so many days", parsePositive)
    .option("--log-rows <n>", "keep so many log lines, at least 1000", parsePositive)
    .option("--megabytes <n>", "keep the database within so much, at least 64", parsePositive)
    .option("--save", "keep so much from now on; a running workbench prunes every hour")
    .addHelpText("after", "\nExample:\n  workbench executions prune --days 7 --save");
  withCommonOptions(command).action(async (options: PruneOptions) => {
    const context = contextOf(command);
    await context.withWorkbench(async ({ record }) => {
      const before = record.retention.policy();
      const parsed = retentionPolicySchema.safeParse({
        execution_days: options.days ?? before.execution_days,
        execution_rows: options.rows ?? before.execution_rows,
        log_days: options.logDays ?? before.log_days,
        log_rows: options.logRows ?? before.log_rows,
        megabytes: options.megabytes ?? before.megabytes,
      });
      if (!parsed.success)
        throw new UsageError("A bound is too small or too large.", "See executions prune --help.");
      if (options.save) record.retention.setPolicy(parsed.data);
      const pruned = await record.retention.prune(parsed.data, context.terminal.interrupted);
      context.answer.result(
        { ...pruned, policy: parsed.data },
        () => `Removed ${count(pruned.executions)} executions and ${count(pruned.log_lines)} log lines.`,
      );
    });
  });
};
