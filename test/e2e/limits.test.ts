import { once } from "node:events";
import { appendFileSync, chmodSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { childrenOf } from "../support/child-processes.ts";
import { suiteFolder } from "../support/temp.ts";
import { type GatewayHost, NAME, openGatewayHost } from "./gateway-host.ts";

const home = join(suiteFolder(), "home");
let gateway: GatewayHost;

beforeAll(async () => {
  gateway = await openGatewayHost(home);
  const published = await gateway.publish();
  const { registry } = gateway.workbench;
  await registry.install({ ref: NAME, tenantId: gateway.ours.id, version: published.version });
  await registry.install({ ref: NAME, tenantId: gateway.theirs.id, version: published.version });
});
afterAll(() => gateway?.host.stop());
beforeEach(() => void gateway.configure({}));

/** Pristine state, so the counter of a working extension always says 1. */
async function expectNextCallToWork(): Promise<void> {
  expect(await gateway.call("/count")).toMatchObject({ status: 200, body: { counter: 1 } });
}

describe("an extension that misbehaves", () => {
  it.each([
    ["an endless loop", "/loop", undefined, { timeout_ms: 500 }, 504, "timeout"],
    ["an allocation bomb", "/hoard", undefined, { memory_mb: 64 }, 502, "memory_limit"],
    ["a fuel burner", "/burn", undefined, { fuel: 50_000_000 }, 504, "fuel_exhausted"],
    ["an exception", "/throw", undefined, {}, 502, "bad_handler"],
    ["endless recursion", "/recurse", undefined, {}, 502, "bad_handler"],
    ["a status below 200", "/status", "101", {}, 502, "bad_handler"],
    ["a status above 599", "/status", "999", {}, 502, "bad_handler"],
    ["a line break in a header", "/header", '["x-ext-a","b\\r\\nset-cookie: c=d"]', {}, 502, "bad_handler"],
    ["a header without a name", "/header", '["","b"]', {}, 502, "bad_handler"],
    [
      "a request over the cap",
      "/echo",
      "x".repeat(101),
      { request_body_bytes: 100 },
      413,
      "request_too_large",
    ],
    ["a response over the cap", "/large", "101", { response_body_bytes: 100 }, 502, "response_too_large"],
    ["a response over the default cap", "/large", "10485761", {}, 502, "response_too_large"],
    ["endless host calls", "/chatter", undefined, {}, 429, "quota_exceeded"],
  ])("%s is answered with its status and code, recorded, and the next call works", async (...given) => {
    const [, path, body, limits, status, code] = given;
    gateway.configure(limits);
    const reply = await gateway.call(path, body);
    expect(reply).toMatchObject({ status, code });
    expect(JSON.stringify(reply.body)).not.toMatch(/secret detail|\/core\/|node_modules| at .*:\d/);
    const refused = code === "request_too_large";
    expect(gateway.execution(reply.requestId)).toMatchObject({
      outcome: refused ? "refused" : "failed",
      status,
      code,
      path,
    });
    gateway.configure({});
    await expectNextCallToWork();
  });

  it("takes a response that its install allows to be larger than the default", async () => {
    gateway.configure({ response_body_bytes: 16 * 1024 * 1024 });
    expect(await gateway.call("/large", String(11 * 1024 * 1024))).toMatchObject({ status: 200 });
  });
});

describe("an extension that wants more egress than its quota has left", () => {
  it("is stopped with 429 until the minute is over, and the next call that needs none works", async () => {
    const server = createServer((_, response) => response.end(Buffer.alloc(200_000)));
    onTestFinished(() => void server.close());
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    // A server that listens on a port has such an address.
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { registry } = gateway.workbench;
    const target = { ref: NAME, tenantId: gateway.ours.id };
    registry.configure({ ...target, egress: [host], limits: { egress_bytes_per_day: 0 } });
    onTestFinished(() => void registry.configure({ ...target, egress: [], limits: {} }));
    const reply = await gateway.call("/fetch", `http://${host}/`);
    expect(reply).toMatchObject({ status: 429, code: "quota_exceeded" });
    expect(gateway.execution(reply.requestId)?.trace.at(-1)).toMatchObject({
      rule: "execute",
      source: "install:limits.egress_bytes_per_day",
    });
    await expectNextCallToWork();
    registry.configure({ ...target, limits: { egress_bytes_per_day: 100_000 } });
    expect(await gateway.call("/fetch", `http://${host}/`)).toMatchObject({ code: "quota_exceeded" });
  });
});

describe("what an install was not granted", () => {
  it("is refused in the words of each interface", async () => {
    const { registry } = gateway.workbench;
    const target = { ref: NAME, tenantId: gateway.ours.id };
    registry.configure({ ...target, grants: [], secrets: { k: "v" } });
    onTestFinished(() => void registry.configure({ ...target, grants: "requested" }));
    expect((await gateway.call("/secret", "k")).body).toEqual({ value: { err: "denied" }, keys: { ok: [] } });
    expect((await gateway.call("/storage")).body).toMatchObject({ put1: { err: "denied" } });
    expect((await gateway.call("/fetch", "http://example.com/")).body).toEqual({ err: "not-allowed" });
    registry.configure({ ...target, grants: "requested" });
    expect((await gateway.call("/secret", "k")).body).toEqual({ value: { ok: "v" }, keys: { ok: ["k"] } });
  });

  it("does not reach the network by default, nor the host and the runner beside it; what was refused is listed", async () => {
    const { refusedEgress } = gateway.workbench;
    const { install_id } = gateway.workbench.registry.getInstall({ ref: NAME, tenantId: gateway.ours.id });
    refusedEgress.forget(install_id);
    const targets = ["http://example.com/", gateway.host.url, gateway.host.ready.runner_url];
    for (const target of [...targets, "http://169.254.169.254/latest/meta-data/", "file:///etc/passwd"]) {
      expect((await gateway.call("/fetch", target)).body).toMatchObject({ err: expect.any(String) });
    }
    const { registry } = gateway.workbench;
    const target = { ref: NAME, tenantId: gateway.ours.id };
    registry.configure({ ...target, egress: ["127.0.0.1", "localhost"] });
    onTestFinished(() => void registry.configure({ ...target, egress: [] }));
    for (const url of targets.slice(1)) {
      expect((await gateway.call("/fetch", url)).body).toEqual({ err: "not-allowed" });
    }
    const listed = refusedEgress.list(install_id);
    const ours = targets.slice(1).map((url) => new URL(url));
    expect(new Set(listed.map(({ host, port, rule, count }) => `${rule} ${host}:${port} ${count}`))).toEqual(
      new Set([
        "host example.com:80 1",
        "host 169.254.169.254:80 1",
        "scheme :0 1",
        ...ours.flatMap(({ host }) => [`host ${host} 1`, `port ${host} 1`]),
      ]),
    );
    for (const { last_execution_id } of listed)
      expect(gateway.workbench.executions.find(last_execution_id)?.path).toBe("/fetch");
  });
});

describe("two tenants with one extension", () => {
  it("share neither storage nor secrets nor records", async () => {
    const { registry, executions, logs } = gateway.workbench;
    registry.configure({ ref: NAME, tenantId: gateway.ours.id, secrets: { k: "ours" } });
    registry.configure({ ref: NAME, tenantId: gateway.theirs.id, secrets: { k: "theirs" } });
    const ask = (path: string, body?: string) =>
      Promise.all([gateway.call(path, body), gateway.call(path, body, gateway.theirs)]);
    const secrets = await ask("/secret", "k");
    expect(secrets.map(({ body }) => body)).toMatchObject([
      { value: { ok: "ours" } },
      { value: { ok: "theirs" } },
    ]);
    // Both begin with an empty store: the first revision is 1 for each.
    const stored = await ask("/storage");
    expect(stored.map(({ body }) => body)).toMatchObject([
      { put1: { ok: { revision: 1 } }, listed: { ok: [{ value: "two" }] } },
      { put1: { ok: { revision: 1 } }, listed: { ok: [{ value: "two" }] } },
    ]);
    const contexts = await ask("/context");
    expect(contexts.map(({ body }) => body)).toMatchObject([
      { function: { tenantId: gateway.ours.id } },
      { function: { tenantId: gateway.theirs.id } },
    ]);
    const [logged] = await ask("/log");
    expect(logs.query({ request_id: logged.requestId, tenant_id: gateway.ours.id }).items).toHaveLength(3);
    expect(logs.query({ request_id: logged.requestId, tenant_id: gateway.theirs.id }).items).toEqual([]);
    const theirs = executions.list({ tenant_id: gateway.theirs.id }).items;
    expect(theirs.length).toBeGreaterThan(0);
    expect(theirs.every(({ tenant_id }) => tenant_id === gateway.theirs.id)).toBe(true);
  });

  it("cannot address one another's install, and a tenant header cannot change whose key it is", async () => {
    const foreign = gateway.workbench.registry.getInstall({ ref: NAME, tenantId: gateway.theirs.id });
    const address = `${gateway.host.url}/api/ext/${foreign.install_id}/count`;
    const own = await fetch(address, { headers: { "x-api-key": gateway.ours.key } });
    expect(own.status).toBe(404);
    const headers = { "x-api-key": gateway.ours.key, "x-tenant-id": gateway.theirs.id };
    expect((await fetch(address, { headers })).status).toBe(403);
  });
});

describe("the same invocation", () => {
  it("uses the same fuel and memory every time, cold or warm", async () => {
    const figures = new Set<string>();
    for (let round = 0; round < 5; round += 1) {
      const { requestId } = await gateway.call("/echo?a=1", "same");
      const usage = gateway.execution(requestId)?.usage;
      figures.add(`${usage?.fuel} ${usage?.memory_bytes}`);
      // Something else in between must leave nothing behind.
      await gateway.call("/storage");
    }
    expect([...figures]).toEqual([expect.stringMatching(/^[1-9]\d+ [1-9]\d+$/)]);
  });
});

describe("a bundle that no longer passes", () => {
  const target = () => ({ ref: NAME, tenantId: gateway.ours.id });
  const installed = () => gateway.workbench.registry.getInstall(target());
  const asset = () => gateway.asset(installed().registry_id, installed().content_hash);

  it("stops answering when its signer is revoked while everything runs, and comes back with another version", async () => {
    const { workbench } = gateway;
    const key = await workbench.keystore.generate({ algorithm: "ed25519", subject: "CN=Short-lived" });
    workbench.trust.add({ pem: workbench.keystore.exportCertificate(key.id), tenants: null });
    await workbench.trustChanged();
    const before = installed().version;
    const { version } = await gateway.publish(key.id);
    await workbench.registry.update({ ...target(), version });
    await expectNextCallToWork();
    expect((await asset()).status).toBe(200);
    workbench.trust.revoke({ fingerprint: key.fingerprint_sha256 ?? "" });
    await workbench.trustChanged();
    expect(await gateway.call("/count")).toMatchObject({ status: 502, code: "certificate_revoked" });
    expect(await asset()).toMatchObject({ status: 502, code: "certificate_revoked" });
    expect(installed()).toMatchObject({ version_status: "invalid", invalid_code: "certificate_revoked" });
    await expect(workbench.registry.update({ ...target(), version })).rejects.toMatchObject({
      code: "certificate_revoked",
    });
    await workbench.registry.update({ ...target(), version: before });
    await expectNextCallToWork();
  });

  it("is refused as digest_mismatch once its object on the disk is changed, for calls and for its UI", async () => {
    const { workbench } = gateway;
    const before = installed().version;
    const { version, content_hash } = await gateway.publish();
    await workbench.registry.update({ ...target(), version });
    await expectNextCallToWork();
    const path = gateway.objectPath(content_hash);
    const bytes = readFileSync(path);
    chmodSync(path, 0o600);
    appendFileSync(path, "\0");
    expect(await asset()).toMatchObject({ status: 502, code: "digest_mismatch" });
    expect(await gateway.call("/count")).toMatchObject({ status: 502, code: "digest_mismatch" });
    expect(installed()).toMatchObject({ version_status: "invalid", invalid_code: "digest_mismatch" });
    expect(await gateway.call("/count")).toMatchObject({ status: 502, code: "digest_mismatch" });
    writeFileSync(path, bytes);
    await workbench.registry.update({ ...target(), version });
    await expectNextCallToWork();
    await workbench.registry.update({ ...target(), version: before });
  });

  it("runs without a signature only while a development tenant's policy says so, and shows it", async () => {
    const { registry, tenants } = gateway.workbench;
    const before = installed().version;
    await expect(gateway.publish("none")).rejects.toMatchObject({ code: "signature_missing" });
    expect(() => tenants.setUnsignedPolicy(gateway.theirs.id, "allow")).toThrow(
      expect.objectContaining({ code: "unsigned_not_allowed" }),
    );
    tenants.setUnsignedPolicy(gateway.ours.id, "allow");
    await gateway.workbench.trustChanged();
    const { version } = await gateway.publish("none");
    await registry.update({ ...target(), version });
    const response = await fetch(`${gateway.host.url}/api/ext/${NAME}/count`, {
      headers: { "x-api-key": gateway.ours.key },
    });
    expect([response.status, response.headers.get("x-workbench-unsigned")]).toEqual([200, "true"]);
    await expect(registry.update({ ref: NAME, tenantId: gateway.theirs.id, version })).rejects.toMatchObject({
      code: "signature_missing",
    });
    tenants.setUnsignedPolicy(gateway.ours.id, "refuse");
    expect(await gateway.call("/count")).toMatchObject({ status: 502, code: "signature_missing" });
    expect(await asset()).toMatchObject({ status: 502, code: "signature_missing" });
    await registry.update({ ...target(), version: before });
    await expectNextCallToWork();
  });
});

describe("a runner that is killed under load", () => {
  it("fails what was in flight as runner_unavailable, serves what comes after and leaves no row open", async () => {
    gateway.configure({ timeout_ms: 30_000, fuel: Number.MAX_SAFE_INTEGER });
    const inFlight = [1, 2, 3, 4].map(() => gateway.call("/loop"));
    const running = () => gateway.workbench.executions.list({ outcome: "running" }).items;
    await expect.poll(() => running().length, { interval: 20 }).toBe(4);
    await expect.poll(busyWorkers, { interval: 20 }).toBeGreaterThan(0);
    const [runnerPid = 0] = childrenOf(process.pid, "core/runner/process/main");
    expect(runnerPid).toBeGreaterThan(0);
    process.kill(runnerPid, "SIGKILL");
    await expect.poll(() => gateway.workbench.runner.state(), { interval: 1 }).not.toBe("ready");
    // The window loads and says how it stands, also while there is no runner.
    expect((await fetch(`${gateway.host.url}/`)).status).not.toBe(503);
    expect(await gateway.hostState()).toMatchObject({
      runner: { public_base: gateway.host.ready.runner_url },
    });
    const after = gateway.call("/count");
    for (const reply of await Promise.all(inFlight)) {
      expect(reply).toMatchObject({ status: 502, code: "runner_unavailable" });
      expect(gateway.execution(reply.requestId)).toMatchObject({
        outcome: "failed",
        code: "runner_unavailable",
      });
    }
    expect(await after).toMatchObject({ status: 200, body: { counter: 1 } });
    await expectNextCallToWork();
    expect(running()).toEqual([]);
  });
});

async function busyWorkers(): Promise<number> {
  const health = await fetch(`${gateway.host.ready.runner_url}/healthz`);
  // The runner's own answer.
  const { pool } = (await health.json()) as { pool: { busy: number } };
  return pool.busy;
}
