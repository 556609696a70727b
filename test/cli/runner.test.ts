import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { announceServing } from "../../core/wiring/serving.ts";
import { workbench } from "../support/command-line.ts";
import { tempFolder } from "../support/temp.ts";

const HEALTH = { status: "ok", pool: { workers: 2, busy: 1, waiting: 0 } };

async function runnerAt(health: unknown = HEALTH): Promise<string> {
  const server = createServer((request, response) => {
    response.statusCode = request.url === "/healthz" ? 200 : 404;
    response.end(JSON.stringify(health));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on a port
}

it("asks the runner of the workbench that serves this home", async () => {
  const cwd = tempFolder();
  const home = join(cwd, "home");
  mkdirSync(home, { mode: 0o700 });
  const url = await runnerAt();
  announceServing(home, {
    url: "http://127.0.0.1:1",
    token: "a token of sixteen and more",
    pid: process.pid,
    runner_url: url,
  });
  const outcome = await workbench(["runner", "status", "--json"], { cwd, home });
  expect(outcome.json()).toEqual({ url, ...HEALTH });
});

it("says what is held in memory and what it is bounded by, as far as the runner says so", async () => {
  const cwd = tempFolder();
  const full = {
    ...HEALTH,
    pool: { ...HEALTH.pool, spares: 1, held_bytes: 3 * 2 ** 20, max_held_bytes: 512 * 2 ** 20 },
    cache: {
      programs: 2,
      program_bytes: 2 ** 20,
      max_program_bytes: 256 * 2 ** 20,
      ui_bytes: 0,
      max_ui_bytes: 2 ** 20,
    },
  };
  const ask = async (health: unknown) => {
    const url = await runnerAt(health);
    return (await workbench(["runner", "status", "--url", url], { cwd, home: join(cwd, "home") })).stdout;
  };
  const text = await ask(full);
  for (const line of [
    "spare threads: 1, which hold nothing yet",
    "held for the next calls: 3.0 MiB of at most 512.0 MiB",
    "prepared components: 2, 1.0 MiB of at most 256.0 MiB",
    "UI files: 0 B of at most 1.0 MiB",
  ])
    expect(text).toContain(line);
  expect(await ask({ ...HEALTH, cache: { programs: 2, program_bytes: 2 ** 20 } })).toContain(
    "prepared components: 2, 1.0 MiB\n",
  );
});

it("tells a runner that does not answer from one of which nothing is known", async () => {
  const cwd = tempFolder();
  const home = join(cwd, "home");
  expect((await workbench(["runner", "status", "--json"], { cwd, home })).code).toBe(2);
  const silent = await workbench(["runner", "status", "--url", "http://127.0.0.1:1", "--json"], {
    cwd,
    home,
  });
  expect([silent.code, silent.stdout.includes("runner_unavailable")]).toEqual([4, true]);
});
