import { Option } from "commander";
import type { BuildProjectOptions, BuildResult } from "../../bundle/index.ts";
import { describeFailure } from "../answer.ts";
import { type RegisterCommand, withCommonOptions } from "../context.ts";
import { milliseconds } from "../text.ts";

interface BuildOptions {
  engine?: "starlingmonkey" | "quickjs";
  watch?: boolean;
}

export const registerBuild: RegisterCommand = (program, contextOf) => {
  const command = program
    .command("build")
    .description("type-check and bundle a project, compile its handler to a component, build its UI")
    .argument("[dir]", "project folder", ".")
    .addOption(
      new Option(
        "--engine <engine>",
        "JavaScript engine in the component (default: workbench.json, else starlingmonkey)",
      ).choices(["starlingmonkey", "quickjs"]),
    )
    .option("--watch", "build again on every change, until interrupted")
    .addHelpText("after", "\nExamples:\n  workbench build\n  workbench build hello --engine quickjs --watch");
  withCommonOptions(command).action(async (dir: string, options: BuildOptions) => {
    const context = contextOf(command);
    const { buildProject, createProjectBuilder, requireProjectFolder } = await import(
      "../../bundle/index.ts"
    );
    const project = context.path(dir);
    const request: BuildProjectOptions = {
      dir: project,
      ...(options.engine ? { engine: options.engine } : {}),
      signal: context.terminal.interrupted,
      onProgress: (stage) => context.answer.progress(`${stage.name} ${milliseconds(stage.ms)}`),
    };
    if (!options.watch) {
      const built = await buildProject(request);
      context.answer.result(built, () => buildText(built));
      return;
    }
    // One answer a command: under --json a watch reports its builds on standard error, the last one on standard output.
    const { watchLoop } = await import("../watch-loop.ts");
    await requireProjectFolder(project);
    const builder = createProjectBuilder();
    let last: BuildResult | undefined;
    const attempt = async () => {
      try {
        last = await builder.build(request);
        context.answer.progress(buildText(last));
      } catch (error) {
        if (!context.terminal.interrupted.aborted) context.answer.progress(describeFailure(error));
      }
    };
    try {
      await watchLoop({
        dir: project,
        signal: context.terminal.interrupted,
        onWatching: () => context.answer.progress("Watching for changes; press Ctrl+C to stop."),
        attempt,
      });
    } finally {
      await builder.dispose();
    }
    context.answer.result(last ?? { stopped: true }, () => "Stopped watching.");
  });
};

function buildText(built: {
  engine: string;
  duration_ms: number;
  wasm?: string;
  ui?: string;
  warnings?: readonly string[];
}): string {
  return [
    `Built in ${milliseconds(built.duration_ms)} (${built.engine})`,
    ...(built.wasm ? [`component ${built.wasm}`] : []),
    ...(built.ui ? [`ui        ${built.ui}`] : []),
    ...(built.warnings ?? []).map((warning) => `warning: ${warning}`),
  ].join("\n");
}
