import { setTimeout as delay } from "node:timers/promises";
import type { GatewayHost } from "../e2e/gateway-host.ts";
import { childrenOf } from "./child-processes.ts";
import { mixedLoad, type Tally } from "./mixed-load.ts";

/** The supervisor waits longer after each early death; a new host begins anew. */
export const KILLS_A_HOST = 5;
/** A call that came while there was no runner is asked again so often. */
const MAX_ATTEMPTS = 20;

export interface RunnerKills {
  readonly times: number;
  readonly clients: number;
  readonly tally: Tally;
  /** Of the runner, from when it serves again to the next kill. */
  readonly maxLifeMs: number;
  random?(): number;
}

/** Kills the runner at random moments under a load of good and hostile calls. */
export async function killRunner(
  gateway: GatewayHost,
  { times, clients, tally, maxLifeMs, random = Math.random }: RunnerKills,
): Promise<{ killed: number; comesBack: boolean }> {
  let isOver = false;
  let killed = 0;
  let comesBack = true;
  const load = mixedLoad(gateway, { clients, isOver: () => isOver, tally, random });
  try {
    for (let round = 0; round < times && comesBack; round += 1) {
      // The moment is what is random here; nothing is assumed of what has happened by then.
      await delay(random() * maxLifeMs);
      const [pid] = childrenOf(process.pid, "core/runner/process/main");
      if (pid !== undefined) {
        process.kill(pid, "SIGKILL");
        killed += 1;
      }
      // Answered by the next one, which the call waits for.
      let status = 0;
      for (let attempt = 0; status !== 200 && attempt < MAX_ATTEMPTS; attempt += 1)
        ({ status } = await gateway.call("/count"));
      comesBack = status === 200;
    }
  } finally {
    isOver = true;
    await load;
  }
  return { killed, comesBack };
}
