import childProcess from "node:child_process";
import { syncBuiltinESMExports } from "node:module";
import { z } from "zod";
import { type InitialiserCall, runInitialiser } from "./initialiser-program.ts";
import type { ComponentTask } from "./protocol.ts";
import type { StarlingMonkeyBase } from "./starlingmonkey-base.ts";

/** The name under which the toolchain is told to find its initialiser: no file, see `answerInitialiser`. */
const INITIALISER = "workbench-initialiser";
const SPLICER = "../lib/spidermonkey-embedding-splicer.js";

/**
 * Clocks, randomness and standard output stay: handlers use the first two, and `console` becomes log lines.
 * `fetch` of the engine would go around the host's egress policy, and incoming `fetch` events do not exist here.
 */
const DISABLED_FEATURES = ["http", "fetch-event"] as const;
const splicedSchema = z.looseObject({ wasm: z.instanceof(Uint8Array), jsBindings: z.string() });
const splicerSchema = z.object({
  splicer: z.object({
    spliceBindings: z.custom<(...values: unknown[]) => unknown>((value) => typeof value === "function"),
  }),
});

/** Makes a component with the platform's own engine. Runs in the component process only. */
export async function makeStarlingMonkeyComponent(
  task: ComponentTask,
): Promise<{ component: Uint8Array; base: StarlingMonkeyBase | undefined }> {
  const calls: InitialiserCall[] = [];
  answerInitialiser(task.workDir, (call) => calls.push(call));
  const spliced = await watchSplicer();
  const { componentize } = await import("@bytecodealliance/componentize-js");
  const options = {
    // The form of the call that takes text refuses a path, which the option's type demands.
    ...({} as { sourcePath: string }),
    worldName: task.world,
    disableFeatures: [...DISABLED_FEATURES],
    wizerBin: INITIALISER,
  };
  const { component } = await componentize(task.source, task.wit, options);
  const [call] = calls;
  const parts = spliced();
  const base =
    call === undefined || parts === undefined
      ? undefined
      : { engine: parts.wasm, bindings: parts.jsBindings, call, template: component };
  return { component, base };
}

/** Lets the toolchain splice as ever, and keeps what came out. */
async function watchSplicer(): Promise<() => z.infer<typeof splicedSchema> | undefined> {
  const toolchain = import.meta.resolve("@bytecodealliance/componentize-js");
  const module: unknown = await import(new URL(SPLICER, toolchain).href);
  const { splicer } = splicerSchema.parse(module);
  const original = splicer.spliceBindings;
  let kept: z.infer<typeof splicedSchema> | undefined;
  Object.assign((module as { splicer: object }).splicer, {
    spliceBindings(...values: unknown[]) {
      const spliced = original(...values);
      kept = splicedSchema.safeParse(spliced).data;
      return spliced;
    },
  });
  return () => kept;
}

/**
 * The toolchain starts its initialiser as a program and waits for it. Answering that one call in this process makes
 * it reproducible, needs no native program, and dies with this process when the build is cancelled.
 */
function answerInitialiser(scratchDir: string, onCall: (call: InitialiserCall) => void): void {
  const answer = (command: string, args: readonly string[], options: { env?: object; input?: unknown }) => {
    if (command !== INITIALISER) throw new Error("the component toolchain may start no other program");
    const env = Object.fromEntries(
      Object.entries(options.env ?? {}).map(([name, value]) => [name, String(value)]),
    );
    const { outcome, call } = runInitialiser({ args, env, input: String(options.input), scratchDir });
    onCall(call);
    return outcome;
  };
  Object.assign(childProcess, { spawnSync: answer });
  syncBuiltinESMExports();
}
