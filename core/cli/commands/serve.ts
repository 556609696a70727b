import { type RegisterCommand, withCommonOptions } from "../context.ts";
import { parsePort } from "../options.ts";
import { untilInterrupted } from "../until-interrupted.ts";

interface ServeOptions {
  port?: number;
  runnerPort?: number;
  open?: boolean;
  signUploads?: string;
}

export const registerServe: RegisterCommand = (program, contextOf) => {
  const command = program
    .command("serve")
    .description("run the host: registry, gateway, runner and the window in your browser")
    .option("--port <n>", "port of the host (default: WORKBENCH_PORT, else any free one)", parsePort)
    .option(
      "--runner-port <n>",
      "port of the runner (default: WORKBENCH_RUNNER_PORT, else any free one)",
      parsePort,
    )
    .option(
      "--sign-uploads <key>",
      "sign what the published `alga` command line uploads with this key (default: refuse, it sends no signature)",
    )
    .option("--open", "open the window in the default browser")
    .addHelpText("after", "\nStops on Ctrl+C and SIGTERM.\n\nExample:\n  workbench serve --port 4310 --json");
  withCommonOptions(command).action(async (options: ServeOptions) => {
    const context = contextOf(command);
    const { startHost } = await import("../../host-process.ts");
    const host = await startHost({
      environment: context.environment,
      onProgress: context.answer.progress,
      signUploadsWith: options.signUploads,
    });
    try {
      for (const notice of host.notices) context.answer.progress(notice);
      context.answer.result(host.ready, () => `Workbench ready: ${host.windowUrl}\nPress Ctrl+C to stop.`);
      if (options.open) {
        const { default: open } = await import("open");
        await open(host.windowUrl);
      }
      await untilInterrupted(context.terminal.interrupted);
    } finally {
      await host.stop();
    }
  });
};
