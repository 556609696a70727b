import type { LoopResult } from "../../loop/index.ts";
import { describeFailure } from "../answer.ts";
import { type RegisterCommand, withCommonOptions } from "../context.ts";
import { parsePort } from "../options.ts";
import { milliseconds } from "../text.ts";

interface DevOptions {
  port?: number;
  runnerPort?: number;
}

export const registerDev: RegisterCommand = (program, contextOf) => {
  const command = program
    .command("dev")
    .description("serve, and on every change build, pack, sign, publish and install the project")
    .argument("[dir]", "project folder", ".")
    .option("--port <n>", "port of the host (default: WORKBENCH_PORT, else any free one)", parsePort)
    .option(
      "--runner-port <n>",
      "port of the runner (default: WORKBENCH_RUNNER_PORT, else any free one)",
      parsePort,
    )
    .addHelpText(
      "after",
      "\nPublishes pre-releases such as 1.2.3-dev.0, signed with the active key: the one chosen in the window,\nelse this machine's development key.\n\nExample:\n  workbench dev hello",
    );
  withCommonOptions(command).action(async (dir: string, _options: DevOptions) => {
    const context = contextOf(command);
    const project = context.path(dir);
    const signal = context.terminal.interrupted;
    const [
      { startHost },
      { createProjectBuilder, requireProjectFolder },
      { createProjectLoop },
      { watchLoop },
    ] = await Promise.all([
      import("../../host-process.ts"),
      import("../../bundle/index.ts"),
      import("../../wiring/project-loop.ts"),
      import("../watch-loop.ts"),
    ]);
    await requireProjectFolder(project);
    const host = await startHost({ environment: context.environment, onProgress: context.answer.progress });
    const builder = createProjectBuilder();
    try {
      for (const notice of host.notices) context.answer.progress(notice);
      context.answer.result(host.ready, () => `Workbench ready: ${host.windowUrl}\nPress Ctrl+C to stop.`);
      const developmentKeyId = host.developmentKey.id;
      const turn = createProjectLoop(host.workbench, { dir: project, builder, developmentKeyId });
      const attempt = async () => {
        try {
          const result = await turn({
            signal,
            onStage: ({ stage, ms }) => context.answer.progress(`  ${stage} ${milliseconds(ms)}`),
          });
          context.answer.progress(turnText(result, developmentKeyId));
        } catch (error) {
          if (!signal.aborted)
            context.answer.progress(`${describeFailure(error)}\nThe last good build stays installed.`);
        }
      };
      const onWatching = () => context.answer.progress(`Watching ${project}`);
      await watchLoop({ dir: project, signal, onWatching, attempt });
    } finally {
      await builder.dispose();
      await host.stop();
    }
  });
};

function turnText(result: LoopResult, developmentKeyId: string): string {
  const { key_id } = result;
  return [
    `${result.name} ${result.version} is live after ${milliseconds(result.duration_ms)}`,
    `  ${result.content_hash}`,
    `  signed with ${key_id === developmentKeyId ? "the development key" : "the active key"} ${key_id}`,
  ].join("\n");
}
