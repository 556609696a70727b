import { join } from "node:path";
import { expect, it } from "vitest";
import { NAME, openGatewayHost } from "../e2e/gateway-host.ts";
import { createTally, openRows, prepareMixedLoad } from "../support/mixed-load.ts";
import { killRunner } from "../support/runner-kills.ts";
import { seededRandom } from "../support/seeded-random.ts";
import { tempFolder } from "../support/temp.ts";

/* `node test/bench/kills.ts` does the same a hundred times, under more load. */

/** Of one host: its supervisor waits twice as long after each, three seconds in all. */
const KILLS = 6;
const SEED = 1;
const CLIENTS = 2;
const MAX_LIFE_MS = 300;
/** Hostile calls end soon: they are here to be killed, not to be judged. */
const FUEL = 10_000_000;
/** Of a machine that has much else to do. */
const TIMEOUT_MS = 180_000;
const ENDS = ["succeeded", "failed", "refused", "interrupted"];

it(`a runner killed at random moments under load is there for the next call, and leaves no row open (seed ${SEED})`, {
  timeout: TIMEOUT_MS,
}, async () => {
  const gateway = await openGatewayHost(join(tempFolder(), "home"));
  try {
    await prepareMixedLoad(gateway, NAME, { fuel: FUEL, hurriedMs: 50 });
    const tally = createTally();
    const outcome = await killRunner(gateway, {
      times: KILLS,
      clients: CLIENTS,
      tally,
      maxLifeMs: MAX_LIFE_MS,
      random: seededRandom(SEED),
    });
    expect(outcome).toEqual({ killed: KILLS, comesBack: true });
    expect(openRows(gateway, tally)).toEqual([]);
    expect(tally.requestIds.length).toBeGreaterThanOrEqual(CLIENTS);
    for (const id of tally.requestIds) expect(ENDS).toContain(gateway.execution(id)?.outcome);
    // A machine out of breath may answer late, but never with another's answer.
    expect(tally.wrong.filter((answer) => answer.includes(": 200"))).toEqual([]);
  } finally {
    await gateway.host.stop();
  }
});
