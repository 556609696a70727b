import { performance } from "node:perf_hooks";
import type { Database } from "./database.ts";

const askers = new WeakMap<Database, () => number>();

/**
 * A number that is another one when another connection, of this process or of a second one, has written. SQLite is asked
 * once a turn of the event loop, whoever asks: each question costs system calls, and a call of the gateway has many
 * readers of it. What others write during a turn is therefore noticed in the next.
 */
export function dataVersionOf(database: Database): () => number {
  const shared = askers.get(database) ?? createAsker(database);
  askers.set(database, shared);
  return shared;
}

function createAsker(database: Database): () => number {
  const ask = database.prepare<[], number>("PRAGMA data_version").pluck();
  let turn = -1;
  let version = 0;
  return () => {
    const { loopCount } = performance.nodeTiming.uvMetricsInfo;
    // Within a transaction the answer costs nothing, and says of which state the transaction's readings are.
    if (turn !== loopCount || database.inTransaction) {
      version = ask.get() ?? 0;
      turn = loopCount;
    }
    return version;
  };
}
