import type { LoopState } from "../../../core/contract/rpc/loop.ts";
import type { RpcClient } from "../../client.ts";
import type { StreamState } from "../../event-stream.ts";
import { type ClientFailure, failureOf } from "../failure.ts";
import { createStore, type Readable } from "../store.ts";

/** When the page of a new build was in front of the user. */
export interface Reload {
  readonly contentHash: string;
  /** From the end of the install to the frame's `ready`. */
  readonly ms: number;
}

export interface LoopView {
  /** `undefined` until the host has said. */
  readonly loop: LoopState | undefined;
  readonly connection: StreamState;
  /** Why the last order was not carried out. */
  readonly failure: ClientFailure | undefined;
  readonly reload: Reload | undefined;
}

export interface Loop extends Readable<LoopView> {
  /** Watches the folder, or the open project's, and runs a turn. */
  start(dir?: string): Promise<void>;
  stop(): Promise<void>;
  /** A full turn now. */
  run(dir?: string): Promise<void>;
  cancel(): Promise<void>;
  /** The preview says when a new build is on screen. */
  reloaded(reload: Reload): void;
  dismissFailure(): void;
  /** Follows the host's loop; the answer stops following. */
  follow(): () => void;
}

/** The host's loop as the window sees it. */
export function createLoop(client: Pick<RpcClient, "call" | "subscribe">): Loop {
  const store = createStore<LoopView>({
    loop: undefined,
    connection: "connecting",
    failure: undefined,
    reload: undefined,
  });
  const change = (part: Partial<LoopView>): void => store.update((view) => ({ ...view, ...part }));
  const order = async (work: () => Promise<LoopState>): Promise<void> => {
    change({ failure: undefined });
    try {
      change({ loop: await work() });
    } catch (error) {
      change({ failure: failureOf(error) });
    }
  };
  const target = (dir: string | undefined) => (dir === undefined ? {} : { dir });
  return {
    get: store.get,
    subscribe: store.subscribe,
    start: (dir) => order(() => client.call("loop.start", target(dir))),
    stop: () => order(() => client.call("loop.stop", {})),
    run: (dir) => order(() => client.call("loop.run", target(dir))),
    cancel: () => order(() => client.call("loop.cancel", {})),
    reloaded: (reload) => change({ reload }),
    dismissFailure: () => change({ failure: undefined }),
    follow: () =>
      client.subscribe(
        "loop.events",
        {},
        {
          onEvent: (loop) => change({ loop }),
          onState: (connection) => change({ connection }),
        },
      ),
  };
}
