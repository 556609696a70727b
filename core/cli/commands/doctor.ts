import { ENVIRONMENT_VARIABLES, type Environment, EnvironmentError } from "../../platform/environment.ts";
import { type CommandContext, type RegisterCommand, withCommonOptions } from "../context.ts";
import { EXIT_DONE, EXIT_ENVIRONMENT } from "../exit-code.ts";

const SIGN_OF = { pass: "✓", warn: "!", fail: "✗" } as const;

export const registerDoctor: RegisterCommand = (program, contextOf) => {
  const command = program
    .command("doctor")
    .description("check what this machine gives the workbench and say how to mend what is missing")
    .addHelpText(
      "after",
      "\nExits 4 when something that is needed is missing.\n\nExample:\n  workbench doctor",
    );
  withCommonOptions(command).action(async () => {
    const context = contextOf(command);
    const { examine } = await import("../../doctor/index.ts");
    const checks = await examine({
      environment: usableEnvironment(context),
      env: context.terminal.env,
      platform: context.terminal.platform,
      now: () => new Date(),
      open: () => context.withWorkbench(async () => {}),
    });
    context.answer.result({ checks }, () =>
      checks
        .flatMap((check) => [
          `${SIGN_OF[check.status]} ${check.name}  ${check.detail}`,
          ...(check.fix ? [`    ${check.fix}`] : []),
        ])
        .join("\n"),
    );
    context.setExitCode(checks.some((check) => check.status === "fail") ? EXIT_ENVIRONMENT : EXIT_DONE);
  });
};

/** What stops every other command is one finding of this one: the rest is examined as if nothing bad were set. */
function usableEnvironment(context: CommandContext): Environment {
  try {
    return context.environment;
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    const ours = new Set(ENVIRONMENT_VARIABLES.filter((name) => name !== "WORKBENCH_HOME"));
    return context.environmentFrom(
      Object.fromEntries(Object.entries(context.terminal.env).filter(([name]) => !ours.has(name))),
    );
  }
}
