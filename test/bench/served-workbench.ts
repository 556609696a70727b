import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { packArchive } from "../../core/bundle/index.ts";
import { readEnvironment } from "../../core/platform/environment.ts";
import { createLogger } from "../../core/platform/logger.ts";
import { openWorkbench } from "../../core/workbench.ts";

const CLI = join(import.meta.dirname, "..", "..", "core", "cli", "main.ts");
const run = promisify(execFile);

/** A component as `workbench build` makes it of a handler's source. */
export async function builtComponent(folder: string, engine: string, source: string): Promise<string> {
  const project = join(folder, `project-${engine}`);
  await run(process.execPath, [CLI, "create", project, "--name", `com.bench.${engine}`, "--home", folder]);
  rmSync(join(project, "src"), { recursive: true });
  mkdirSync(join(project, "src"));
  writeFileSync(join(project, "src", "index.ts"), source);
  await run(process.execPath, [CLI, "build", project, "--engine", engine, "--home", folder]);
  return join(project, "dist", "main.wasm");
}

export interface Extension {
  readonly name: string;
  readonly component: Uint8Array;
  readonly install: boolean;
}

/** A home with published extensions, before anything runs in it: nothing has been prepared. */
export async function fillHome(home: string, extensions: readonly Extension[]): Promise<void> {
  const environment = readEnvironment(
    { WORKBENCH_HOME: home, WORKBENCH_LOG_LEVEL: "error" },
    process.platform,
  );
  const workbench = await openWorkbench({ environment, logger: createLogger("error") });
  try {
    const tenantId = workbench.tenantId(undefined);
    workbench.tenants.setLimits(tenantId, {
      rate_per_minute: 10_000_000,
      rate_burst: 1_000_000,
      concurrency: 64,
    });
    const key = await workbench.keystore.generate({ algorithm: "ecdsa-p256", subject: "CN=Bench" });
    workbench.trust.add({ pem: key.certificate_chain_pem });
    for (const { name, component, install } of extensions) {
      const manifest = JSON.stringify({
        name,
        version: "1.0.0",
        runtime: "wasm-js@1",
        api: { endpoints: [{ method: "GET", path: "/", handler: "root" }] },
      });
      const archive = await packArchive([
        { path: "manifest.json", bytes: Buffer.from(manifest) },
        { path: "dist/main.wasm", bytes: component },
      ]);
      const { signature } = await workbench.sign(archive, key.id);
      await workbench.registry.publish({ archive, signature, tenantId });
      if (install) await workbench.registry.install({ ref: name, tenantId });
    }
  } finally {
    await workbench.dispose();
  }
}

export interface Served {
  readonly gateway: string;
  readonly runner: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly pid: number;
  stop(): Promise<void>;
}

/** `workbench serve` as a process: the gateway in one, its runner in another. */
export async function serve(
  home: string,
  environment: Readonly<Record<string, string>> = {},
  nodeArguments: readonly string[] = [],
): Promise<Served> {
  const child: ChildProcess = spawn(
    process.execPath,
    [...nodeArguments, CLI, "serve", "--home", home, "--port", "0", "--json"],
    {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, WORKBENCH_LOG_LEVEL: "error", ...environment },
    },
  );
  // A bench that fails must not leave it behind.
  const kill = () => void child.kill();
  process.once("exit", kill);
  const { stdout, pid } = child;
  if (stdout === null || pid === undefined) throw new Error("the workbench could not be started");
  const [line] = (await once(createInterface({ input: stdout }), "line")) as [string];
  // The documented ready line of `serve --json`.
  const ready = JSON.parse(line) as {
    gateway_url: string;
    runner_url: string;
    tenants: { tenant_id: string; api_key: string }[];
  };
  const tenant = ready.tenants[0];
  if (tenant === undefined) throw new Error("the workbench has no tenant");
  return {
    gateway: ready.gateway_url,
    runner: ready.runner_url,
    headers: { "x-api-key": tenant.api_key, "x-tenant-id": tenant.tenant_id },
    pid,
    async stop() {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
      process.off("exit", kill);
    },
  };
}
