import { type ComparedLine, compareExecutions } from "../../contract/execution-comparison.ts";
import { unknownExecution } from "../../wiring/unknown-execution.ts";
import { type RegisterCommand, withCommonOptions } from "../context.ts";
import { bytes, count, milliseconds, table } from "../text.ts";

const FORMATS: Readonly<Record<string, (value: number) => string>> = {
  duration_ms: milliseconds,
  memory_bytes: bytes,
  egress_bytes: bytes,
};

export const registerExecutionCompare: RegisterCommand = (group, contextOf) => {
  const command = group
    .command("compare")
    .description("two executions side by side: outcome, figures and decisions")
    .argument("<left>", "execution id or request id")
    .argument("<right>", "execution id or request id")
    .addHelpText("after", "\nExample:\n  workbench executions compare 0b2f6c1e-… 7d41a0c2-…");
  withCommonOptions(command).action(async (leftId: string, rightId: string) => {
    const context = contextOf(command);
    await context.withWorkbench(async ({ executions }) => {
      const [left, right] = [leftId, rightId].map((id) => {
        const found = executions.find(id);
        if (found === undefined) throw unknownExecution(id);
        return found;
      });
      if (left === undefined || right === undefined) return;
      const lines = compareExecutions(left, right);
      context.answer.result({ left, right, lines }, () =>
        table(
          ["of", left.started_at, right.started_at, "difference"],
          lines.map((line) => [line.what, shown(line, line.left), shown(line, line.right), difference(line)]),
        ),
      );
    });
  });
};

function shown({ what }: ComparedLine, value: string | number | undefined): string {
  if (value === undefined) return "–";
  return typeof value === "string" ? value : (FORMATS[what] ?? count)(value);
}

function difference({ differs, change_percent: change }: ComparedLine): string {
  if (!differs) return "=";
  if (change === undefined) return "differs";
  return `${change > 0 ? "+" : "-"}${Math.abs(change).toFixed(1)} %`;
}
