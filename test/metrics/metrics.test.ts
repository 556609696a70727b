import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHostMetrics } from "../../core/metrics/index.ts";
import { observeWorkbench } from "../../core/wiring/host-metrics.ts";
import { createHostFixture } from "../host/fixture.ts";
import { NAME, openRecordedWorkbench } from "../recording/recorded-workbench.ts";
import { suiteFolder } from "../support/temp.ts";
import { parseExposition, type Sample, total } from "./exposition.ts";

const home = join(suiteFolder(), "home");
const UNWATCHED = { automation: { deliveries: () => ({ waiting: 0, dead: 0 }) } };
let opened: Awaited<ReturnType<typeof openRecordedWorkbench>>;
let host: Sample[];
let runner: Sample[];
let hostText = "";
let runnerText = "";

beforeAll(async () => {
  opened = await openRecordedWorkbench(home);
  const { workbench, call } = opened;
  const metrics = observeWorkbench(workbench);
  const stream = metrics.subscribed("logs.tail");
  for (let count = 0; count < 3; count++) await call("/all", "counted");
  const { execution_id = "" } = await call("/log");
  await workbench.recordings.replay(execution_id).catch(() => undefined);
  await call("/hang");
  await workbench.gateway.call({ extension: NAME, method: "GET", target: "/", headers: [] });
  workbench.automation.events.publish({
    tenantId: workbench.tenants.list()[0]?.id ?? "",
    topic: "nobody.asked",
    data: "{}",
  });
  hostText = await metrics.expose();
  host = parseExposition(hostText);
  const runnerAnswer = await fetch(new URL("/metrics", workbench.runner.publicBase()));
  runnerText = await runnerAnswer.text();
  runner = parseExposition(runnerText);
  stream();
}, 120_000);
afterAll(() => opened.close());

describe("the host's metrics", () => {
  it("count the gateway's answers by code, and its refusals by rule", () => {
    expect(total(host, "workbench_gateway_requests_total", { extension: NAME, code: "ok" })).toBe(4);
    expect(total(host, "workbench_gateway_requests_total", { extension: NAME, code: "timeout" })).toBe(1);
    expect(total(host, "workbench_gateway_requests_total", { code: "unauthenticated" })).toBe(1);
    expect(total(host, "workbench_gateway_denials_total", { rule: "authenticate" })).toBe(1);
    expect(total(host, "workbench_gateway_execution_duration_seconds_count", { extension: NAME })).toBe(5);
  });

  it("count rows, log lines and readers, and watch the runner and the event loop", () => {
    // Begun and finished, five times.
    expect(total(host, "workbench_execution_rows_total")).toBe(10);
    expect(total(host, "workbench_log_lines_total")).toBeGreaterThanOrEqual(5);
    expect(total(host, "workbench_subscribers", { stream: "logs.tail" })).toBe(1);
    expect(total(host, "workbench_runner_up")).toBe(1);
    expect(host.map(({ name }) => name)).toContain("nodejs_eventloop_lag_p99_seconds");
  });

  it("are told of events and schedules by the workbench", () => {
    expect(total(host, "workbench_events_published_total")).toBe(1);
    expect(total(host, "workbench_event_dead_letters")).toBe(0);
  });

  it("are bounded in their labels, whatever callers make up", async () => {
    const metrics = createHostMetrics({ ...UNWATCHED, runner: { restarts: () => 0, isReady: () => true } });
    const usage = { duration_ms: 1, memory_bytes: 0, fuel: 0, egress_bytes: 0, host_calls: 0, log_lines: 0 };
    for (let count = 0; count < 500; count++)
      metrics.answered({ extension: `com.acme.x${count}`, trace: [], usage });
    const names = parseExposition(await metrics.expose())
      .filter(({ name }) => name === "workbench_gateway_requests_total")
      .map(({ labels }) => labels.extension);
    expect(new Set(names).size).toBe(51);
    expect(names).toContain("other");
  });

  it("are served without a token, and not to whoever addressed another name", async () => {
    const metrics = createHostMetrics({ ...UNWATCHED, runner: { restarts: () => 2, isReady: () => false } });
    const { host: server } = createHostFixture({ metrics });
    const answer = await server.app.request("http://localhost/metrics");
    expect(answer.headers.get("content-type")).toContain("text/plain");
    const samples = parseExposition(await answer.text());
    expect(total(samples, "workbench_runner_process_restarts")).toBe(2);
    expect((await server.app.request("http://rebound.example/metrics")).status).toBe(421);
  });

  it("hold no id of a request and no secret", () => {
    const ids = opened.workbench.executions.list().items.flatMap(({ id, request_id }) => [id, request_id]);
    expect(ids.filter((id) => hostText.includes(id) || runnerText.includes(id))).toEqual([]);
  });
});

describe("the runner's metrics", () => {
  it("count invocations by code with their cost, timeouts and host calls", () => {
    expect(total(runner, "workbench_runner_invocations_total", { code: "ok" })).toBe(4);
    expect(total(runner, "workbench_runner_invocations_total", { code: "timeout" })).toBe(1);
    expect(total(runner, "workbench_runner_timeouts_total")).toBe(1);
    expect(total(runner, "workbench_runner_replays_total")).toBe(1);
    expect(total(runner, "workbench_runner_invocation_duration_seconds_count")).toBe(5);
    expect(total(runner, "workbench_runner_invocation_fuel_sum")).toBeGreaterThan(0);
    expect(total(runner, "workbench_runner_egress_bytes_total")).toBeGreaterThan(0);
    // Six calls of `/all` three times, two of `/log` and two of `/hang`.
    expect(total(runner, "workbench_runner_host_calls_total")).toBe(22);
  });

  it("show pool, cache, restarts and memory", () => {
    expect(total(runner, "workbench_runner_pool_busy_workers")).toBe(0);
    expect(total(runner, "workbench_runner_cache_programs")).toBe(1);
    expect(total(runner, "workbench_runner_cache_program_bytes")).toBeGreaterThan(1_000_000);
    expect(total(runner, "workbench_runner_resident_bytes")).toBeGreaterThan(1_000_000);
    expect(total(runner, "workbench_runner_restarts")).toBe(0);
  });

  it("say nothing of what the process may not read, rather than nought", () => {
    const names = runner.map(({ name }) => name);
    expect(names).toContain("process_cpu_seconds_total");
    expect(names.filter((name) => /^process_(?:\w+_bytes|\w+_fds)$/.test(name))).toEqual([]);
  });

  it("are refused to whoever addressed another name", async () => {
    const { port } = new URL(opened.workbench.runner.publicBase() ?? "");
    const { request: ask } = await import("node:http");
    const status = await new Promise((resolve, reject) => {
      ask({ host: "127.0.0.1", port, path: "/metrics", headers: { host: "rebound.example" } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end();
    });
    expect(status).toBe(421);
  });

  it("tell the window and the command line how the runner is", async () => {
    expect(await opened.workbench.runner.status()).toMatchObject({
      state: "ready",
      restarts: 0,
      health: { status: "ok", pool: { busy: 0, waiting: 0 }, cache: { programs: 1 } },
    });
  });

  it("tell what each part of the runner holds, and that it is within its bound", async () => {
    const { pool, cache } = (await opened.workbench.runner.status()).health ?? {};
    const held = [
      [pool?.held_bytes, pool?.max_held_bytes],
      [cache?.program_bytes, cache?.max_program_bytes],
      [cache?.ui_bytes, cache?.max_ui_bytes],
    ];
    for (const [bytes = -1, bound = -1] of held) {
      expect(bytes).toBeGreaterThanOrEqual(0);
      expect(bytes).toBeLessThanOrEqual(bound);
    }
    expect(total(runner, "workbench_runner_cache_ui_bytes")).toBe(0);
  });
});

describe("what is written about the metrics", () => {
  const guide = readFileSync(join(import.meta.dirname, "..", "..", "docs", "metrics.md"), "utf8");
  const declared = () =>
    [...`${hostText}\n${runnerText}`.matchAll(/^# TYPE (workbench_\S+)/gm)].map(([, name = ""]) => name);

  it("names every one of ours", () => {
    // The guide shortens what a line has in common: `workbench_runner_pool_workers`, `…_pool_busy_workers`.
    const isNamed = (name: string) =>
      guide.includes(name) || guide.includes(name.replace(/^workbench_runner(?:_invocation)?_/, "…_"));
    const ours = declared();
    expect(ours.length).toBeGreaterThan(25);
    expect(ours.filter((name) => !isNamed(name))).toEqual([]);
  });

  it("names none that there is not", () => {
    const ours = declared();
    const named = [...guide.matchAll(/`(workbench_|…_)([a-z_]+)/g)].map(([, start, rest = ""]) =>
      start === "…_" ? `_${rest}` : `workbench_${rest}`,
    );
    expect(named.filter((name) => !ours.some((metric) => metric.endsWith(name)))).toEqual([]);
  });
});

describe("the Grafana dashboard", () => {
  it("asks only for metrics that exist", () => {
    const file = join(import.meta.dirname, "..", "..", "resources", "grafana", "extension-workbench.json");
    const dashboard: { panels: { targets: { expr: string }[] }[] } = JSON.parse(readFileSync(file, "utf8"));
    const asked = dashboard.panels.flatMap(({ targets }) => targets).flatMap(({ expr }) => namesIn(expr));
    const exist = new Set([...namesOf(hostText), ...namesOf(runnerText)]);
    expect(asked.length).toBeGreaterThan(20);
    expect(asked.filter((name) => !exist.has(name))).toEqual([]);
  });
});

/** Metrics by their declaration: one that has counted nothing has no sample yet. */
function namesOf(text: string): string[] {
  return [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = "", type]) =>
    type === "histogram" ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  );
}

function namesIn(expression: string): string[] {
  return expression.match(/\b(?:workbench|nodejs|process)_[a-z0-9_]+/g) ?? [];
}
