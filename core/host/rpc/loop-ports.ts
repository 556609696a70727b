import type { LoopState } from "../../contract/rpc/loop.ts";

/** The loop of the open project. */
export interface HostLoop {
  state(): LoopState;
  /** Throws `no_project_open` when no folder is given and none is open; so does `run`. */
  start(dir?: string): Promise<LoopState>;
  stop(): Promise<LoopState>;
  run(dir?: string): Promise<LoopState>;
  cancel(): Promise<LoopState>;
  follow(signal: AbortSignal): AsyncIterable<readonly LoopState[]>;
}
