import childProcess from "node:child_process";
import { syncBuiltinESMExports } from "node:module";
import { runInitialiser } from "./initialiser-program.ts";
import type { ComponentTask } from "./protocol.ts";

/** The name under which the toolchain is told to find its initialiser: no file, see `answerInitialiser`. */
const INITIALISER = "workbench-initialiser";

/**
 * Clocks, randomness and standard output stay: handlers use the first two, and `console` becomes log lines.
 * `fetch` of the engine would go around the host's egress policy, and incoming `fetch` events do not exist here.
 */
const DISABLED_FEATURES = ["http", "fetch-event"] as const;

/** Makes a component with the platform's own engine. Runs in the component process only. */
export async function makeStarlingMonkeyComponent(task: ComponentTask): Promise<Uint8Array> {
  answerInitialiser(task.workDir);
  const { componentize } = await import("@bytecodealliance/componentize-js");
  const options = {
    // The form of the call that takes text refuses a path, which the option's type demands.
    ...({} as { sourcePath: string }),
    worldName: task.world,
    disableFeatures: [...DISABLED_FEATURES],
    wizerBin: INITIALISER,
  };
  const { component } = await componentize(task.source, task.wit, options);
  return component;
}

/**
 * The toolchain starts its initialiser as a program and waits for it. Answering that one call in this process makes
 * it reproducible, needs no native program, and dies with this process when the build is cancelled.
 */
function answerInitialiser(scratchDir: string): void {
  const answer = (command: string, args: readonly string[], options: { env?: object; input?: unknown }) => {
    if (command !== INITIALISER) throw new Error("the component toolchain may start no other program");
    const env = Object.fromEntries(
      Object.entries(options.env ?? {}).map(([name, value]) => [name, String(value)]),
    );
    return runInitialiser({ args, env, input: String(options.input), scratchDir });
  };
  Object.assign(childProcess, { spawnSync: answer });
  syncBuiltinESMExports();
}
