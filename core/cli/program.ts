import { Command } from "commander";
import { COMMANDS } from "./commands/index.ts";
import { type CommandContext, createCommandContext } from "./context.ts";
import { EXIT_DONE } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";

export interface Program {
  parseAsync(args: string[], options: { from: "user" }): Promise<unknown>;
  /** What the command that ran asked for; 0 unless it said otherwise. */
  exitCode(): number;
}

/** The whole command line: one file a command, each registers itself. */
export function createProgram(terminal: Terminal): Program {
  let exitCode = EXIT_DONE;
  const program = new Command("workbench")
    .description(
      "Create, build, sign, publish, install and call sandboxed, signed extensions on this machine.",
    )
    .helpOption("-h, --help", "show help")
    .showHelpAfterError("(run with --help for the options and examples)")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
    });
  const contextOf = (command: Command): CommandContext =>
    createCommandContext(terminal, command.optsWithGlobals(), (code) => {
      exitCode = code;
    });
  for (const register of COMMANDS) register(program, contextOf);
  return { parseAsync: (args, options) => program.parseAsync(args, options), exitCode: () => exitCode };
}
