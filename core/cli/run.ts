import { CommanderError } from "commander";
import { reportFailure } from "./answer.ts";
import { EXIT_DONE, EXIT_USAGE } from "./exit-code.ts";
import { createProgram } from "./program.ts";
import { type Terminal, UsageError } from "./terminal.ts";

/** Runs one command line and answers its exit code. Nothing is thrown and nothing exits the process. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  // Known before parsing, because a command line that does not parse must answer in JSON too.
  const json = args.includes("--json");
  const program = createProgram(terminal);
  try {
    await program.parseAsync([...args], { from: "user" });
    return program.exitCode();
  } catch (error) {
    if (!(error instanceof CommanderError)) return reportFailure(terminal, json, error);
    if (error.exitCode === 0) return EXIT_DONE;
    // Commander has already explained itself on standard error.
    if (!json) return EXIT_USAGE;
    const message =
      error.code === "commander.help" ? "A command is missing." : error.message.replace(/^error: /, "");
    return reportFailure(terminal, json, new UsageError(message));
  }
}
