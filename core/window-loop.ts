import { activeKeyId } from "./active-key.ts";
import { watchProject } from "./bundle/index.ts";
import type { LoopState } from "./contract/rpc/loop.ts";
import { createLoopService, type LoopService } from "./loop/index.ts";
import type { Projects } from "./project/index.ts";
import { createProjectLoop } from "./project-loop.ts";
import type { Workbench } from "./workbench.ts";

/** The loop of the project that the window has open, signed with the active key, which is asked for on every turn. */
export function createWindowLoop(
  workbench: Workbench,
  project: Pick<Projects, "current" | "onChange" | "reportBuild">,
  developmentKeyId: string,
): LoopService {
  const loop = createLoopService({
    turn: ({ dir, ...turn }) =>
      createProjectLoop(workbench, { dir, keyId: activeKeyId(workbench) ?? developmentKeyId })(turn),
    watch: watchProject,
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
    if (mode === "watching" && isLeft) void loop.stop();
  });
  return loop;
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
