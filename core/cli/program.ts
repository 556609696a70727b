import { Command } from "commander";
import { workbenchVersion } from "../platform/version.ts";
import { COMMANDS } from "./commands/index.ts";
import {
  type CommandContext,
  type CommonOptions,
  createCommandContext,
  withCommonOptions,
} from "./context.ts";
import { EXIT_DONE } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";

const EXAMPLES = `
From an empty folder to an answer:
  workbench create hello --name com.acme.hello
  workbench build hello
  workbench pack hello
  workbench keys generate --algorithm ecdsa-p256 --subject "CN=Acme Development, O=Acme"
  workbench trust add --key <id>
  workbench sign hello/dist/bundle.tar.zst --key <id>
  workbench publish hello
  workbench install com.acme.hello
  workbench invoke com.acme.hello GET /hello

Or all of it on every save:
  workbench dev hello`;

export interface Program {
  parseAsync(args: string[], options: { from: "user" }): Promise<unknown>;
  /** What the command that ran asked for; 0 unless it said otherwise. */
  exitCode(): number;
}

/** The whole command line: one file a command, each registers itself. */
export function createProgram(terminal: Terminal): Program {
  let exitCode = EXIT_DONE;
  const program = withCommonOptions(new Command("workbench"))
    .description(
      "Create, build, sign, publish, install and call sandboxed, signed extensions on this machine.",
    )
    // Before the command an option is the program's, after it the command's: `install --version 1.0.0`.
    .enablePositionalOptions()
    .version(workbenchVersion(), "--version", "show the workbench's version")
    .helpOption("-h, --help", "show help")
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError("(run with --help for the options and examples)")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
    });
  const contextOf = (command: Command): CommandContext =>
    createCommandContext(terminal, optionsOf(command), (code) => {
      exitCode = code;
    });
  for (const register of COMMANDS) register(program, contextOf);
  return { parseAsync: (args, options) => program.parseAsync(args, options), exitCode: () => exitCode };
}

/** The command's options over its group's over the program's: what stands nearest to the command counts. */
function optionsOf(command: Command): CommonOptions {
  return { ...(command.parent ? optionsOf(command.parent) : {}), ...command.opts() };
}
