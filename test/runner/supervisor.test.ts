import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ContentHash } from "../../core/contract/content-hash.ts";
import { createRunnerSupervisor } from "../../core/runner/index.ts";
import type { RunnerSupervisorOptions } from "../../core/runner/supervisor/supervisor.ts";
import { buildTestComponent } from "../support/components.ts";
import { tempFolder } from "../support/temp.ts";
import { EXTENSION } from "./support/extension-source.ts";
import { manifest, openRunnerHome, type RunnerHome } from "./support/runner-home.ts";

let home: RunnerHome;
let hash: ContentHash;
beforeAll(async () => {
  home = await openRunnerHome();
  const component = await buildTestComponent({ source: EXTENSION, engine: "quickjs" });
  hash = await home.publish({ "manifest.json": manifest(), "dist/main.wasm": component });
});
afterAll(() => home.close());

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const runnerPid = () => {
  const { pid } = home.supervisor.state();
  if (pid === undefined) throw new Error("there is no runner");
  return pid;
};

describe("the supervised runner", () => {
  it("says where it listens and that it works", async () => {
    expect(home.supervisor.state()).toMatchObject({ status: "running", restarts: 0 });
    const health = await fetch(`${home.supervisor.baseUrl()}/healthz`);
    expect(await health.json()).toMatchObject({ status: "ok" });
  });

  it("when killed: the calls in flight end as unavailable, the next ones wait for the new one and succeed", async () => {
    const { pid, port } = home.supervisor.state();
    await home.call(hash, { http: { path: "/count" } });
    const inFlight = home.client
      .execute(home.request(hash, { http: { path: "/loop" } }))
      .catch((error) => error);
    await expect.poll(async () => poolOf(home)).toMatchObject({ busy: 1 });
    process.kill(runnerPid(), "SIGKILL");
    expect(await inFlight).toMatchObject({ code: "runner_unavailable" });
    expect((await home.call(hash, { http: { path: "/count" } })).body).toEqual({ counter: 1 });
    const state = home.supervisor.state();
    expect(state).toMatchObject({
      status: "running",
      restarts: 1,
      port,
      lastError: expect.stringContaining("SIGKILL"),
    });
    expect(state.pid).not.toBe(pid);
  });

  it("executes nothing for a call that was given up while it waited for the runner's start", async () => {
    const reason = new Error("the caller has gone");
    const caller = new AbortController();
    process.kill(runnerPid(), "SIGKILL");
    await expect.poll(() => home.supervisor.state().status).toBe("restarting");
    const given = home.client.execute(home.request(hash, { http: { path: "/loop" } }), caller.signal);
    caller.abort(reason);
    await expect(given).rejects.toBe(reason);
    expect(await poolOf(home)).toMatchObject({ busy: 0, waiting: 0 });
  });

  it("ends a call that its caller gives up, and rejects with the signal's own reason", async () => {
    const reason = new Error("the caller has gone");
    const caller = new AbortController();
    const given = home.client.execute(home.request(hash, { http: { path: "/loop" } }), caller.signal);
    given.catch(() => undefined); // judged below
    await expect.poll(async () => poolOf(home)).toMatchObject({ busy: 1 });
    caller.abort(reason);
    await expect(given).rejects.toBe(reason);
    await expect.poll(async () => poolOf(home)).toMatchObject({ busy: 0 });
  });

  it("refuses a malformed request without an answer to anybody else's", async () => {
    const malformed = home.request(hash, { http: { body_b64: "no base64!" } });
    await expect(home.client.execute(malformed)).rejects.toMatchObject({ code: "runner_protocol" });
    expect((await home.call(hash, { http: { path: "/count" } })).status).toBe(200);
  });

  it("gets the configuration again after a restart, and acknowledges a changed one", async () => {
    await home.supervisor.configure(home.configuration({ revision: 7 }));
    expect((await home.call(hash, { http: { path: "/count" } })).status).toBe(200);
  });

  it("lets what is under way end before it stops, and is gone afterwards", async () => {
    const other = await openRunnerHome();
    const component = await buildTestComponent({ source: EXTENSION, engine: "quickjs" });
    const otherHash = await other.publish({ "manifest.json": manifest(), "dist/main.wasm": component });
    await other.call(otherHash, { http: { path: "/count" } });
    const { pid = 0 } = other.supervisor.state();
    const slow = other.client.execute(
      other.request(otherHash, { http: { path: "/loop" }, limits: { timeout_ms: 1_000 } }),
    );
    await expect.poll(async () => poolOf(other)).toMatchObject({ busy: 1 });
    const [ended] = await Promise.all([slow, other.close()]);
    expect(ended.error?.code).toBe("timeout");
    expect(isAlive(pid)).toBe(false);
    expect(other.supervisor.state().status).toBe("stopped");
    await expect(other.client.execute(other.request(otherHash))).rejects.toMatchObject({
      code: "runner_unavailable",
    });
  });

  it("does not outlive its host, however that dies", async () => {
    const host = spawn(
      process.execPath,
      [join(import.meta.dirname, "support", "dying-host.ts"), tempFolder()],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    const [line] = await once(host.stdout, "data");
    const pid = Number(String(line));
    expect(isAlive(pid)).toBe(true);
    host.kill("SIGKILL");
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
  });

  it("keeps answering when the host cannot keep its lines, and says so", async () => {
    const errors: string[] = [];
    const supervisor = supervisorOn({
      objectsDir: home.objectsDir,
      onLog: () => {
        throw new Error("database or disk is full");
      },
      logger: { ...QUIET, error: (_fields, message) => void errors.push(message) },
    });
    await supervisor.start();
    const answered = await supervisor.execute(home.request(hash, { http: { path: "/log" } }));
    expect([answered.status, answered.usage.log_lines]).toEqual([200, 3]);
    // Once for each batch, and three lines are one batch or several.
    await expect.poll(() => [...new Set(errors)]).toEqual(["log lines could not be kept"]);
    expect(supervisor.state().status).toBe("running");
    await supervisor.stop();
  });

  it("fails to start with a reason when its port is taken", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const supervisor = supervisorOn({ port });
    await expect(supervisor.start()).rejects.toMatchObject({
      code: "runner_start_failed",
      message: expect.stringContaining("EADDRINUSE"),
    });
    expect(supervisor.state().status).toBe("failed");
    server.close();
  });

  it("fails to start with a reason when the program is not there", async () => {
    const supervisor = supervisorOn({ execPath: join(tempFolder(), "no-node") });
    await expect(supervisor.start()).rejects.toMatchObject({
      code: "runner_start_failed",
      message: expect.stringContaining("ENOENT"),
    });
  });
});

const quiet = () => undefined;
const QUIET = { debug: quiet, info: quiet, warn: quiet, error: quiet };

function supervisorOn(options: Partial<RunnerSupervisorOptions>) {
  return createRunnerSupervisor({
    objectsDir: tempFolder(),
    prepared: { folder: tempFolder(), key: new Uint8Array(32) },
    broker: home.broker,
    logger: QUIET,
    serviceToken: "service-token-of-tests",
    config: () => home.configuration(),
    onLog: quiet,
    ...options,
  });
}

async function poolOf(of: RunnerHome): Promise<unknown> {
  const health = await fetch(`${of.supervisor.baseUrl()}/healthz`);
  return ((await health.json()) as { pool: unknown }).pool;
}
