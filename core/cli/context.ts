import { resolve } from "node:path";
import type { Command } from "commander";
import { type Environment, readEnvironment } from "../platform/environment.ts";
import { createLogger } from "../platform/logger.ts";
import type { Workbench } from "../workbench.ts";
import { type Answer, createAnswer } from "./answer.ts";
import { type Terminal, UsageError } from "./terminal.ts";

/** What every command gets: its voice, its folder, and the workbench opened on demand. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly answer: Answer;
  /** Read when asked for. @throws EnvironmentError */
  readonly environment: Environment;
  /** What the environment would be with other variables and the same options. @throws EnvironmentError */
  environmentFrom(env: NodeJS.ProcessEnv): Environment;
  /** A path of the user's, read against the folder in which the command was typed. */
  path(given: string): string;
  /** Opens the workbench of this home for the length of `use` and closes it whatever happens. */
  withWorkbench<T>(use: (workbench: Workbench) => Promise<T>): Promise<T>;
  setExitCode(code: number): void;
}

export type ContextOf = (command: Command) => CommandContext;
export type RegisterCommand = (program: Command, contextOf: ContextOf) => void;

export interface CommonOptions {
  home?: string;
  json?: boolean;
  port?: number;
  runnerPort?: number;
}

/** Adds the options that every command has, and the program and each group before it. */
export function withCommonOptions<T extends Command>(command: T): T {
  return command
    .option("--home <dir>", "data folder (default: WORKBENCH_HOME, else the platform's data folder)")
    .option("--json", "answer with exactly one JSON document on standard output");
}

export function createCommandContext(
  terminal: Terminal,
  options: CommonOptions,
  setExitCode: (code: number) => void,
): CommandContext {
  const path = (given: string) => resolve(terminal.cwd, given);
  // An unset shell variable must not make the folder of the moment a data folder.
  if (options.home === "") throw new UsageError("--home names no folder.");
  const environmentFrom = (env: NodeJS.ProcessEnv) =>
    readEnvironment(env, terminal.platform, {
      home: options.home === undefined ? undefined : path(options.home),
      port: options.port,
      runnerPort: options.runnerPort,
    });
  return {
    terminal,
    answer: createAnswer(terminal, options.json ?? false),
    get environment() {
      return environmentFrom(terminal.env);
    },
    environmentFrom,
    path,
    setExitCode,
    async withWorkbench(use) {
      // Loaded on demand: `workbench --help` must not wait for the database and the cryptography.
      const [{ openWorkbench }, { systemFailure }] = await Promise.all([
        import("../workbench.ts"),
        import("../store/index.ts"),
      ]);
      const environment = environmentFrom(terminal.env);
      const workbench = await openWorkbench({
        // The port is the service's: a command that starts a runner of its own may run beside it.
        environment: { ...environment, WORKBENCH_RUNNER_PORT: 0 },
        logger: createLogger(environment.WORKBENCH_LOG_LEVEL),
      });
      try {
        return await use(workbench);
      } catch (error) {
        throw systemFailure(error) ?? error;
      } finally {
        await workbench.dispose();
      }
    },
  };
}
