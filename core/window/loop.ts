import { createProjectBuilder, isBuildInput, watchProject } from "../bundle/index.ts";
import type { LoopState } from "../contract/rpc/loop.ts";
import { createLoopService, type LoopService, type LoopServicePorts } from "../loop/index.ts";
import type { Projects } from "../project/index.ts";
import { createProjectLoop } from "../wiring/project-loop.ts";
import type { Workbench } from "../workbench.ts";

/** The loop of the project that the window has open. */
export function createWindowLoop(
  workbench: Workbench,
  project: Pick<Projects, "current" | "onChange" | "reportBuild" | "watch">,
  developmentKeyId: string,
): LoopService {
  const builder = createProjectBuilder();
  const loop = createLoopService({
    turn: ({ dir, ...turn }) => createProjectLoop(workbench, { dir, builder, developmentKeyId })(turn),
    watch: (options) =>
      options.dir === project.current()?.dir
        ? watchOpen(project, options)
        : watchProject({ ...options, inputsOnly: true }),
    openProject: () => project.current()?.dir,
    onTurn: (dir, turn) => {
      if (dir === project.current()?.dir) project.reportBuild(findingsOf(turn));
    },
    clock: workbench.clock,
  });
  // What is no longer open is no longer built.
  project.onChange(({ kind, dir }) => {
    const { mode, dir: watched } = loop.state();
    const isLeft = kind === "closed" ? watched === dir : kind === "opened" && watched !== dir;
    if (mode === "watching" && isLeft) void stop();
  });
  const stop = async (): Promise<LoopState> => {
    const state = await loop.stop();
    // Nobody builds until it is asked for again.
    if (state.mode === "off") await builder.rest();
    return state;
  };
  return {
    ...loop,
    stop,
    async dispose() {
      await loop.dispose();
      await builder.dispose();
    },
  };
}

/**
 * The open project is being watched already, and what the window itself writes is known without a watcher: a save
 * starts its turn at once, and only one.
 */
async function watchOpen(
  project: Pick<Projects, "onChange" | "watch">,
  { dir, onChange, onReady, signal }: Parameters<LoopServicePorts["watch"]>[0],
): Promise<void> {
  const stop = project.onChange((change) => {
    if (change.kind !== "changed" || change.dir !== dir) return;
    const inputs = change.paths.filter(isBuildInput);
    if (inputs.length > 0) onChange(inputs);
  });
  try {
    const watch = project.watch();
    const aborted = new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener("abort", () => resolve(), { once: true });
    });
    await Promise.race([watch.ready, aborted]);
    onReady();
    await Promise.race([watch.ended, aborted]);
  } finally {
    stop();
  }
}

type Findings = Parameters<Projects["reportBuild"]>[0];

function findingsOf({ failure }: NonNullable<LoopState["turn"]>): Findings {
  if (failure === undefined) return [];
  const { diagnostics, message, code, hint } = failure;
  const about =
    diagnostics.length > 0 ? diagnostics : [{ message: hint ? `${message} ${hint}` : message, code }];
  return about.map(({ file, ...finding }) => ({
    source: "build" as const,
    severity: "error" as const,
    ...finding,
    ...(file === undefined ? {} : { path: file }),
  }));
}
