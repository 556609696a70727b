/**
 * `node test/bench/kills.ts [--kills N] [--clients N] [--json]`: kills the runner at random moments under a load of good and
 * hostile calls. Ends with 1 when an answer is wrong, a runner does not come back, or a call's row is neither finished nor
 * `interrupted`. Not part of `npm run bench`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NAME, openGatewayHost } from "../e2e/gateway-host.ts";
import { createTally, openRows, prepareMixedLoad } from "../support/mixed-load.ts";
import { KILLS_A_HOST, killRunner } from "../support/runner-kills.ts";

const MAX_LIFE_MS = 1_500;

const argument = (name: string) => Number(process.argv[process.argv.indexOf(name) + 1]);
const kills = argument("--kills") || 100;
const clients = argument("--clients") || 8;
const folder = mkdtempSync(join(tmpdir(), "workbench-kills-"));
const tally = createTally();
let killed = 0;
const open: string[] = [];
let comesBack = true;
try {
  while (killed < kills && comesBack) {
    const gateway = await openGatewayHost(join(folder, `home-${killed}`));
    tally.requestIds.length = 0;
    try {
      await prepareMixedLoad(gateway, NAME);
      const times = Math.min(KILLS_A_HOST, kills - killed);
      const outcome = await killRunner(gateway, { times, clients, tally, maxLifeMs: MAX_LIFE_MS });
      killed += outcome.killed;
      comesBack = outcome.comesBack;
      open.push(...openRows(gateway, tally));
    } finally {
      await gateway.host.stop();
    }
    process.stderr.write(`${killed} of ${kills} kills, ${tally.calls} calls\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const verdicts = {
  "no wrong answer": tally.wrong.length === 0,
  "the runner always came back": comesBack,
  "every row is finished or interrupted": open.length === 0,
};
const { calls, hostile, unserved, wrong } = tally;
const report = {
  kills: killed,
  clients,
  calls,
  hostile,
  unserved: Object.fromEntries(unserved),
  wrong: [...new Set(wrong)].slice(0, 20),
  verdicts,
};
if (process.argv.includes("--json")) process.stdout.write(`${JSON.stringify(report)}\n`);
else {
  process.stdout.write(
    `${killed} kills under ${calls} calls, ${hostile} of them hostile, ${clients} at once\n`,
  );
  process.stdout.write(
    `not served: ${JSON.stringify(report.unserved)}; wrong: ${JSON.stringify(report.wrong)}\n`,
  );
  for (const [name, holds] of Object.entries(verdicts))
    process.stdout.write(`${holds ? "yes" : "NO "}  ${name}\n`);
}
process.exitCode = Object.values(verdicts).every(Boolean) ? 0 : 1;
