import type { Divergence, ReplayReport } from "../../contract/execution-recording.ts";
import { type RegisterCommand, withCommonOptions } from "../context.ts";
import { EXIT_FAILED } from "../exit-code.ts";
import { count, oneLine } from "../text.ts";

const MAX_VALUE_CHARACTERS = 200;

export const registerReplay: RegisterCommand = (program, contextOf) => {
  const command = program
    .command("replay")
    .description("run a recorded execution again with its recorded answers, and say where it differs")
    .argument("<execution>", "execution id or request id")
    .option("--version <version>", "run this version of the extension instead of the recorded one")
    .addHelpText(
      "after",
      "\nNothing leaves the runner: host calls are answered from the journal, nothing is fetched, stored or logged.\nExits 0 when the answer, the fuel and every host call are the same, 1 when they differ, 3 when the record does\nnot hold enough (outside development tenants only digests are kept).\n\nExample:\n  workbench replay 0b2f6c1e-…",
    );
  withCommonOptions(command).action(async (id: string, options: { version?: string }) => {
    const context = contextOf(command);
    await context.withWorkbench(async (workbench) => {
      await workbench.runner.start();
      const report = await workbench.recordings.replay(id, {
        version: options.version,
        signal: context.terminal.interrupted,
      });
      if (!report.same) context.setExitCode(EXIT_FAILED);
      context.answer.result(report, () => linesOf(report).join("\n"));
    });
  });
};

function linesOf(report: ReplayReport): string[] {
  const { recorded, replayed, divergences } = report;
  const figures = `${count(replayed.host_calls)} host calls, status ${replayed.status}, fuel ${count(replayed.fuel)}`;
  if (report.same) return [`Same: ${figures}.`];
  return [
    `Differs in ${divergences.length === 1 ? "one place" : `${divergences.length} places`}; the first:`,
    ...divergences.flatMap((divergence, index) => [
      `${index + 1}. ${placeOf(divergence)}`,
      `   recorded ${shown(divergence.expected)}`,
      `   now      ${shown(divergence.actual)}`,
    ]),
    `recorded: ${count(recorded.host_calls)} host calls, status ${recorded.status}, fuel ${count(recorded.fuel)}`,
    `now:      ${figures}`,
  ];
}

function placeOf({ what, call, part }: Divergence): string {
  return what === "host_call" ? `host call ${call}: ${part}` : what.replace("_", " ");
}

function shown(value: unknown): string {
  const text = value === undefined ? "(nothing)" : oneLine(JSON.stringify(value));
  return text.length > MAX_VALUE_CHARACTERS ? `${text.slice(0, MAX_VALUE_CHARACTERS - 1)}…` : text;
}
