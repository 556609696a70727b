/**
 * `node test/bench/gateway.ts [--quick] [--json]`: what the gateway adds to a call. The same runner of the same
 * `workbench serve` is called through the gateway (policy, rows, journal, quotas, logs, metrics) and through a bare proxy of
 * one process that only forwards, in turns.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import type { ExecuteRequest } from "../../core/contract/execute.ts";
import { readEnvironment } from "../../core/platform/environment.ts";
import { createLogger } from "../../core/platform/logger.ts";
import { openWorkbench } from "../../core/workbench.ts";
import { closedLoop, type Target } from "./load.ts";
import { quantile } from "./measure.ts";
import { startRunnerProxy } from "./runner-proxy.ts";
import { builtComponent, fillHome, serve } from "./served-workbench.ts";

const NAME = "com.bench.gateway";
const HANDLER = `
export function handler() {
  return { status: 200, headers: [{ name: "content-type", value: "application/json" }], body: undefined };
}`;
const quick = process.argv.includes("--quick");
const ROUNDS = quick ? 1 : 5;
const ROUND_MS = quick ? 1_000 : 2_000;
const CLIENTS = 16;

const folder = mkdtempSync(join(tmpdir(), "workbench-bench-gateway-"));
const home = join(folder, "home");
const serviceToken = randomBytes(32).toString("base64url");
try {
  const component = new Uint8Array(readFileSync(await builtComponent(folder, "quickjs", HANDLER)));
  await fillHome(home, [{ name: NAME, component, install: true }]);
  const execute = JSON.stringify(await executeRequest());
  const served = await serve(home, { RUNNER_SERVICE_TOKEN: serviceToken });
  const proxy = await startRunnerProxy({ runner: served.runner, serviceToken, execute });
  const targets: [string, Target][] = [
    ["bare proxy", { url: proxy.url }],
    ["gateway", { url: `${served.gateway}/api/ext/${NAME}/`, headers: served.headers }],
  ];
  const one = new Map<string, number[]>(targets.map(([name]) => [name, []]));
  const many = new Map<string, number[]>(targets.map(([name]) => [name, []]));
  try {
    for (const [, to] of targets) await closedLoop(to, CLIENTS, ROUND_MS);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [name, to] of targets) {
        one.get(name)?.push(...(await closedLoop(to, 1, ROUND_MS)));
        many.get(name)?.push(((await closedLoop(to, CLIENTS, ROUND_MS)).length / ROUND_MS) * 1_000);
      }
    }
  } finally {
    proxy.close();
    await served.stop();
  }
  report(one, many);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** What the gateway itself would send for this install. */
async function executeRequest(): Promise<ExecuteRequest> {
  const environment = readEnvironment(
    { WORKBENCH_HOME: home, WORKBENCH_LOG_LEVEL: "error" },
    process.platform,
  );
  const workbench = await openWorkbench({ environment, logger: createLogger("error") });
  try {
    const install = workbench.registry.resolveInstall(workbench.tenantId(undefined), NAME);
    if (install === undefined) throw new Error("the bench's extension is not installed");
    return {
      context: {
        request_id: randomUUID(),
        tenant_id: install.tenant_id,
        extension_id: install.registry_id,
        install_id: install.install_id,
        version_id: install.version_id,
        content_hash: install.content_hash,
        config: {},
      },
      http: { method: "GET", path: "/", query: "", headers: [] },
      limits: { timeout_ms: 5_000, memory_mb: 256, fuel: 10_000_000_000 },
      providers: install.granted_capabilities,
    };
  } finally {
    await workbench.dispose();
  }
}

function report(one: ReadonlyMap<string, number[]>, many: ReadonlyMap<string, number[]>): void {
  const at = (of: ReadonlyMap<string, number[]>, name: string, q: number) => quantile(of.get(name) ?? [], q);
  const rows = [
    ...([0.5, 0.95, 0.99] as const).map((q) => ({
      what: `1 client, p${q * 100}, ms`,
      proxy: at(one, "bare proxy", q),
      gateway: at(one, "gateway", q),
      ratio: at(one, "gateway", q) / at(one, "bare proxy", q),
      to: q === 0.5 ? "<= 2" : "",
    })),
    {
      what: `${CLIENTS} clients, calls a second`,
      proxy: at(many, "bare proxy", 0.5),
      gateway: at(many, "gateway", 0.5),
      ratio: at(many, "bare proxy", 0.5) / at(many, "gateway", 0.5),
      to: "<= 2.5",
    },
  ];
  if (process.argv.includes("--json")) {
    process.stdout.write(`${JSON.stringify({ load: loadavg()[0], rows })}\n`);
    return;
  }
  process.stdout.write("what the gateway adds to a call\n");
  for (const { what, proxy, gateway, ratio, to } of rows) {
    const columns = [
      what.padEnd(28),
      `proxy ${proxy.toFixed(3)}`.padStart(18),
      `gateway ${gateway.toFixed(3)}`.padStart(20),
    ];
    process.stdout.write(`  ${columns.join("  ")}  ${ratio.toFixed(2)}x  ${to}\n`);
  }
}
