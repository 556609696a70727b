import { unknownExecution } from "../../wiring/unknown-execution.ts";
import { type RegisterCommand, withCommonOptions } from "../context.ts";
import { headroomText } from "../headroom-text.ts";
import { detailLines } from "../host-call-text.ts";
import { oneLine, setIn } from "../text.ts";
import { registerExecutionCompare } from "./execution-compare.ts";
import { registerExecutionExport } from "./execution-export.ts";
import { registerExecutionList } from "./execution-list.ts";
import { registerExecutionPrune } from "./execution-prune.ts";

/** Log lines shown beside one execution; an execution may write no more. */
const MAX_LINES = 1_000;

export const registerExecutions: RegisterCommand = (program, contextOf) => {
  const group = withCommonOptions(program.command("executions"))
    .description("what was called, how it ended and why")
    .addHelpText("after", "\nExample:\n  workbench executions list --limit 10");
  registerExecutionList(group, contextOf);
  registerExecutionExport(group, contextOf);
  registerExecutionCompare(group, contextOf);
  registerExecutionPrune(group, contextOf);

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
      if (!execution) throw unknownExecution(id);
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
