import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../core/platform/clock.ts";
import { tempFolder } from "../support/temp.ts";
import { testWorkshop } from "./test-workshop.ts";

/** In pairs on one home, so that each kill also hits a neighbour at work. */
const ROUNDS = 10;
/** Twenty processes are started one pair after the other; a busy machine takes its time. */
const PATIENCE_MS = 240_000;
const CHILD = join(import.meta.dirname, "publish-until-killed.ts");

/** Starts the child and kills it at its n-th step; answers with the step at which that was. */
async function killAtStep(n: number, home: string, name: string, keyId: string): Promise<string> {
  const child = spawn(process.execPath, [CHILD, home, name, keyId], { stdio: ["ignore", "pipe", "pipe"] });
  const exited = once(child, "exit");
  const complaints = collect(child);
  let steps = 0;
  for await (const step of createInterface({ input: child.stdout })) {
    steps += 1;
    if (steps < n) continue;
    child.kill("SIGKILL");
    await exited;
    return step;
  }
  await exited;
  throw new Error(`The child ended by itself after ${steps} steps: ${complaints.join("")}`);
}

function collect(child: ChildProcess): string[] {
  const chunks: string[] = [];
  child.stderr?.on("data", (chunk: Buffer) => chunks.push(chunk.toString()));
  return chunks;
}

describe("a process killed in the middle of publishing and installing", () => {
  it(
    "leaves a sound database, every object that a version needs, and nothing half-installed",
    async () => {
      const home = tempFolder();
      const workshop = testWorkshop(home, { clock: systemClock });
      const { registry, database, objects, tenants, publish } = workshop;
      const keyId = await workshop.trustedKey();
      const tenantId = tenants.ensureDefault().id;

      const killedAt = new Set<string>();
      for (let round = 0; round < ROUNDS; round += 1) {
        // Over the whole cycle of steps, and differently in every run.
        const at = () => 1 + round * 3 + Math.floor(Math.random() * 12);
        const steps = await Promise.all([
          killAtStep(at(), home, "com.acme.first", keyId),
          killAtStep(at(), home, "com.acme.second", keyId),
        ]);
        for (const step of steps) killedAt.add(step);
      }
      expect(killedAt.size).toBeGreaterThan(2);

      expect(database.pragma("integrity_check", { simple: true })).toBe("ok");
      expect(database.pragma("foreign_key_check")).toEqual([]);
      const versions = registry.listExtensions().flatMap((entry) => entry.versions);
      expect(versions.length).toBeGreaterThan(ROUNDS);
      for (const { content_hash } of versions) await objects.getArchive(content_hash);
      expect((await registry.reverify()).filter((version) => version.status !== "valid")).toEqual([]);
      for (const install of registry.listInstalls()) {
        const target = { ref: install.install_id, tenantId };
        const { secret_keys, subscriptions, config } = registry.getInstall(target);
        expect([secret_keys, subscriptions, config.b]).toEqual([["k"], [{ topic: "t", handler: "h" }], "2"]);
      }

      const next = await publish({ name: "com.acme.first", version: "1.0.*" }, keyId, tenantId);
      expect(next.created).toBe(true);
      await registry.collectGarbage();
      for (const version of versions) expect(await objects.has(version.content_hash)).toBe(true);
    },
    PATIENCE_MS,
  );
});
