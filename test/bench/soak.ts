/**
 * `node test/bench/soak.ts [--minutes N] [--clients N] [--json]`: good and hostile calls mixed, at full concurrency, over one host and
 * its runner. Ends with 1 when an answer is wrong, memory still grows after the warm-up, a worker stays busy, or a call's row
 * stays open. Not part of `npm run bench`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { NAME, openGatewayHost } from "../e2e/gateway-host.ts";
import { childrenOf } from "../support/child-processes.ts";
import { createTally, mixedLoad, openRows, prepareMixedLoad, runnerHealth } from "../support/mixed-load.ts";
import { quantile } from "./measure.ts";

const MIB = 1024 * 1024;
const SAMPLE_MS = 1_000;
/** Of the whole time: pools, caches and the engines' heaps come to their size. */
const WARM_UP_SHARE = 0.3;
/** Between the first and the last third after the warm-up; less is the collector's mood. */
const LEAK_BYTES = 64 * MIB;
const LEAK_SHARE = 0.2;
const REST_MS = 15_000;

const argument = (name: string) => Number(process.argv[process.argv.indexOf(name) + 1]);
const minutes = argument("--minutes") || 10;
const clients = argument("--clients") || 16;
const folder = mkdtempSync(join(tmpdir(), "workbench-soak-"));
const gateway = await openGatewayHost(join(folder, "home"));
const RUNNER = "core/runner/process/main";
const pids = childrenOf(process.pid, RUNNER).join();
const runner = gateway.host.ready.runner_url;
try {
  await prepareMixedLoad(gateway, NAME);
  const tally = createTally();
  const end = performance.now() + minutes * 60_000;
  const isOver = () => performance.now() > end;
  const memory: { host: number; runner: number }[] = [];
  const sampling = (async () => {
    while (!isOver()) {
      await delay(SAMPLE_MS);
      const { process: of } = await runnerHealth(runner);
      memory.push({ host: process.memoryUsage().rss, runner: of.resident_bytes });
    }
  })();
  await mixedLoad(gateway, { clients, isOver, tally });
  await sampling;
  const growth = {
    host: growthOf(memory.map(({ host }) => host)),
    runner: growthOf(memory.map((of) => of.runner)),
  };
  const verdicts = {
    "no wrong answer": tally.wrong.length === 0,
    "the host's memory is flat": !growth.host.isLeak,
    "the runner's memory is flat": !growth.runner.isLeak,
    "no worker is stuck": await comesToRest(),
    "every row is finished": openRows(gateway, tally).length === 0,
    "the runner is the one of the start": childrenOf(process.pid, RUNNER).join() === pids,
  };
  const { calls, hostile, unserved, wrong } = tally;
  const report = {
    minutes,
    clients,
    calls,
    hostile,
    unserved: Object.fromEntries(unserved),
    wrong: [...new Set(wrong)].slice(0, 20),
    growth,
    verdicts,
  };
  if (process.argv.includes("--json")) process.stdout.write(`${JSON.stringify(report)}\n`);
  else {
    process.stdout.write(`${calls} calls, ${hostile} of them hostile, ${clients} at once, ${minutes} min\n`);
    process.stdout.write(
      `not served: ${JSON.stringify(report.unserved)}; wrong: ${JSON.stringify(report.wrong)}\n`,
    );
    for (const [name, { from, to, peak }] of Object.entries(growth))
      process.stdout.write(
        `memory of the ${name} after the warm-up: ${mib(from)} to ${mib(to)}, at most ${mib(peak)}\n`,
      );
    for (const [name, holds] of Object.entries(verdicts))
      process.stdout.write(`${holds ? "yes" : "NO "}  ${name}\n`);
  }
  process.exitCode = Object.values(verdicts).every(Boolean) ? 0 : 1;
} finally {
  await gateway.host.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Medians of the first and the last third after the warm-up: a collection more or less does not decide. */
function growthOf(samples: readonly number[]) {
  const steady = samples.slice(Math.floor(samples.length * WARM_UP_SHARE));
  const third = Math.max(1, Math.floor(steady.length / 3));
  const from = quantile(steady.slice(0, third), 0.5);
  const to = quantile(steady.slice(-third), 0.5);
  return { from, to, peak: Math.max(...steady), isLeak: to - from > Math.max(LEAK_BYTES, from * LEAK_SHARE) };
}

async function comesToRest(): Promise<boolean> {
  const until = performance.now() + REST_MS;
  while (performance.now() < until) {
    if ((await runnerHealth(runner)).pool.busy === 0) return true;
    await delay(100);
  }
  return false;
}

function mib(bytes: number): string {
  return `${Math.round(bytes / MIB)} MiB`;
}
