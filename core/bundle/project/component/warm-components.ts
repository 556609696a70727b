import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MIB } from "../../../contract/limits.ts";
import { cancelled, writeError } from "../errors.ts";
import { ComponentProcess } from "./component-process.ts";
import { type ComponentMaker, makeIn } from "./componentize.ts";
import type { ComponentWorld } from "./protocol.ts";

/** Beyond either, the process makes way for a new one: engines give memory back only at the process's end. */
const MAX_TASKS = 200;
const MAX_RESIDENT_BYTES = 768 * MIB;

/**
 * Makes components in one process that stays, with the toolchain loaded and the engines of the worlds it has seen
 * compiled. The components are those that a fresh process would make. A process that was cancelled, hung, crashed or has grown
 * is replaced at once by one that loads what the last task needed.
 */
export interface WarmComponents extends ComponentMaker {
  /** Process that would make the next component, where there is one. */
  readonly pid: number | undefined;
  /** Gives the process's memory back; the next component starts another one. */
  rest(): Promise<void>;
  dispose(): Promise<void>;
}

export function createWarmComponents(): WarmComponents {
  /** Made with the first component: a temporary folder that is full is no reason not to start. */
  let storeDir: string | undefined;
  let current: ComponentProcess | undefined;
  let tasks = 0;
  let disposed = false;
  let turn: Promise<unknown> = Promise.resolve();

  function store(): string {
    try {
      storeDir ??= mkdtempSync(join(tmpdir(), "workbench-toolchain-"));
      return storeDir;
    } catch (error) {
      throw writeError(error, tmpdir());
    }
  }

  function replace(last: ComponentWorld): void {
    const old = current;
    current = undefined;
    tasks = 0;
    void old?.kill();
    if (disposed || storeDir === undefined) return;
    current = new ComponentProcess(storeDir);
    const { engine, wit, world } = last;
    current.tell({ kind: "load", engine, wit, world, storeDir });
    current.idle();
  }

  const make: ComponentMaker["make"] = async (options) => {
    if (options.signal?.aborted || disposed) throw cancelled();
    const dir = store();
    const process = current?.isAlive ? current : new ComponentProcess(dir);
    current = process;
    try {
      const { made, answer } = await makeIn(process, options, dir);
      tasks += 1;
      if (answer.spent || tasks >= MAX_TASKS || answer.resident_bytes > MAX_RESIDENT_BYTES) replace(options);
      else process.idle();
      return made;
    } catch (error) {
      if (process.isAlive) process.idle();
      else replace(options);
      throw error;
    }
  };

  async function rest(): Promise<void> {
    const old = current;
    current = undefined;
    await old?.kill();
  }

  return {
    get pid() {
      return current?.pid;
    },
    make(options) {
      // One task at a time: the process has one working folder.
      const made = turn.then(() => make(options));
      turn = made.catch(() => {});
      return made;
    },
    rest,
    async dispose() {
      disposed = true;
      await rest();
      await turn;
      if (storeDir !== undefined) await rm(storeDir, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
