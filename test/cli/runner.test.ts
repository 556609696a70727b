import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { announceServing } from "../../core/serving.ts";
import { workbench } from "../support/command-line.ts";
import { tempFolder } from "../support/temp.ts";

const HEALTH = { status: "ok", pool: { workers: 2, busy: 1, waiting: 0 } };

async function runnerAt(): Promise<string> {
  const server = createServer((request, response) => {
    response.statusCode = request.url === "/healthz" ? 200 : 404;
    response.end(JSON.stringify(HEALTH));
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
