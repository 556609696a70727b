import type { RpcClient } from "../client.ts";
import { createStore, type Readable } from "./store.ts";

/** Counts what any window, this one included, and any command has changed at the host; what is shown from it is then asked for again. */
export function followHostChanges(client: Pick<RpcClient, "subscribe">): Readable<number> {
  const count = createStore(0);
  client.subscribe(
    "host.changes",
    {},
    { onEvent: () => count.update((before) => before + 1), onState: () => undefined },
  );
  return count;
}
