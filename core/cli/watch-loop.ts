import { watchProject } from "../bundle/index.ts";

export interface WatchLoopOptions {
  readonly dir: string;
  readonly signal: AbortSignal;
  /** Called when changes are being noticed, before the first attempt. */
  onWatching(): void;
  /** One turn; tells the user about its failures itself. */
  attempt(): Promise<void>;
}

/** Attempts once and again after every change, until the signal. What is saved during the first attempt counts too. */
export async function watchLoop({ dir, signal, onWatching, attempt }: WatchLoopOptions): Promise<void> {
  let first = Promise.resolve();
  await watchProject({
    dir,
    signal,
    inputsOnly: true,
    onReady: () => {
      onWatching();
      first = attempt();
    },
    onChange: async () => {
      await first;
      await attempt();
    },
  });
  await first;
}
