import { MAX_REPRODUCTION_BYTES, type ReproductionReport } from "../../contract/reproduction.ts";
import { readReproduction } from "../../wiring/reproduction-file.ts";
import { type RegisterCommand, withCommonOptions } from "../context.ts";
import { EXIT_FAILED } from "../exit-code.ts";
import { readFile } from "../files.ts";
import { oneLine } from "../text.ts";

interface ReproduceOptions {
  tenant?: string;
  persona?: string;
  partial?: boolean;
}

export const registerReproduce: RegisterCommand = (program, contextOf) => {
  const command = program
    .command("reproduce")
    .description(
      "send the call of a reproduction file at the installed extension, and say where its answer differs",
    )
    .argument("<file>", "written by workbench executions export --reproduction, or saved in the window")
    .option("--tenant <id>", "tenant (default: the development tenant)")
    .option("--persona <id>", "who calls (default: the persona that the file names, or one like it)")
    .option("--partial", "send what is there although the file says that something is missing")
    .addHelpText(
      "after",
      "\nThe call is made for real, with all its effects. Exits 0 when outcome, status, code and body are what was\nrecorded, 1 when they differ, 3 when the file does not hold all of the call.\n\nExample:\n  workbench reproduce refused.reproduction.json",
    );
  withCommonOptions(command).action(async (file: string, options: ReproduceOptions) => {
    const context = contextOf(command);
    const text = (await readFile(context.path(file), MAX_REPRODUCTION_BYTES)).toString("utf8");
    const reproduction = readReproduction(text);
    await context.withWorkbench(async (workbench) => {
      await workbench.runner.start();
      const report = await workbench.reproductions.reproduce(reproduction, {
        tenantId: workbench.tenantId(options.tenant),
        personaId: options.persona,
        partial: options.partial,
        signal: context.terminal.interrupted,
      });
      if (!report.same) context.setExitCode(EXIT_FAILED);
      context.answer.result(report, () => linesOf(report).join("\n"));
    });
  });
};

function linesOf({
  same,
  differences,
  version,
  recorded,
  reproduced,
  ...report
}: ReproductionReport): string[] {
  const { status, code, outcome } = reproduced;
  const ran = `${report.extension} ${version.installed ?? "(not installed)"}`;
  const other =
    version.recorded !== undefined && version.recorded !== version.installed
      ? [`Recorded with ${version.recorded}.`]
      : [];
  const missing = report.omitted.map(({ part, reason }) => `${part} (${reason})`).join(", ");
  return [
    `${same ? "Same" : "Differs"}: ${status ?? outcome}${code === undefined ? "" : ` ${code}`}, ${ran}, request ${report.request_id}.`,
    ...other,
    ...(missing === "" ? [] : [`Sent without: ${missing}.`]),
    ...differences.flatMap(({ what, expected, actual }) => [
      what,
      `   recorded ${shown(expected)}`,
      `   now      ${shown(actual)}`,
    ]),
  ];
}

function shown(value: unknown): string {
  return value === undefined ? "(nothing)" : oneLine(JSON.stringify(value));
}
