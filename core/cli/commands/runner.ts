import { WorkbenchError } from "../../contract/errors.ts";
import type { RunnerHealth } from "../../contract/runner-health.ts";
import type { Environment } from "../../platform/environment.ts";
import { runnerHealth } from "../../platform/runner-health.ts";
import { findServing } from "../../wiring/serving.ts";
import { type RegisterCommand, withCommonOptions } from "../context.ts";
import { UsageError } from "../terminal.ts";
import { bytes, count } from "../text.ts";

export const registerRunner: RegisterCommand = (program, contextOf) => {
  const group = withCommonOptions(program.command("runner"))
    .description("the process that runs extensions")
    .addHelpText("after", "\nExample:\n  workbench runner status");
  const status = group
    .command("status")
    .description("ask a running runner for its pool, its cache and its memory")
    .option("--url <origin>", "the runner's origin, `runner_url` in the ready line of serve")
    .addHelpText(
      "after",
      "\nWithout --url, the runner of the workbench that serves this home is asked, else the one that RUNNER_BASE_URL or\nWORKBENCH_RUNNER_PORT name. Exits 4 when it does not answer.\n\nExample:\n  workbench runner status",
    );
  withCommonOptions(status).action(async (options: { url?: string }) => {
    const context = contextOf(status);
    const url = options.url ?? knownUrl(context.environment);
    if (url === undefined || !/^https?:\/\//.test(url) || !URL.canParse(url))
      throw new UsageError(
        "It is not known where the runner is.",
        "Give --url the runner_url that serve printed when it was ready.",
      );
    const health = await runnerHealth(url);
    if (health === undefined)
      throw new WorkbenchError({
        code: "runner_unavailable",
        kind: "environment",
        message: "No runner answers there.",
        details: { url },
        hint: "Start it with workbench serve, whose ready line names runner_url.",
      });
    context.answer.result({ url, ...health }, () => linesOf(url, health).join("\n"));
  });
};

function knownUrl(environment: Environment): string | undefined {
  const { RUNNER_BASE_URL: external, WORKBENCH_RUNNER_PORT: port } = environment;
  return (
    findServing(environment.home)?.runner_url ??
    external ??
    (port > 0 ? `http://127.0.0.1:${port}` : undefined)
  );
}

function linesOf(url: string, { status, isolation, pool, cache, process }: RunnerHealth): string[] {
  return [
    `${url}  ${status}`,
    ...(pool ? [`pool: ${pool.workers} workers, ${pool.busy} busy, ${pool.waiting} waiting`] : []),
    ...(pool?.spares === undefined ? [] : [`spare threads: ${pool.spares}, which hold nothing yet`]),
    ...(pool?.held_bytes === undefined
      ? []
      : [`held for the next calls: ${bounded(pool.held_bytes, pool.max_held_bytes)}`]),
    ...(isolation ? [`isolation: ${isolation}`] : []),
    ...(cache
      ? [`prepared components: ${cache.programs}, ${bounded(cache.program_bytes, cache.max_program_bytes)}`]
      : []),
    ...(cache?.ui_bytes === undefined ? [] : [`UI files: ${bounded(cache.ui_bytes, cache.max_ui_bytes)}`]),
    ...(process ? [`memory: ${bytes(process.resident_bytes)}, up ${count(process.uptime_s)} s`] : []),
  ];
}

function bounded(value: number, bound: number | undefined): string {
  return bound === undefined ? bytes(value) : `${bytes(value)} of at most ${bytes(bound)}`;
}
