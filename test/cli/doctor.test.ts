import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { z } from "zod";
import { workbench } from "../support/command-line.ts";
import { suiteFolder } from "../support/temp.ts";

const folder = suiteFolder();
const answer = z.object({
  checks: z.array(
    z.strictObject({
      name: z.string(),
      status: z.enum(["pass", "warn", "fail"]),
      detail: z.string(),
      fix: z.string().optional(),
    }),
  ),
});

async function doctor(env: NodeJS.ProcessEnv = {}) {
  const outcome = await workbench(["doctor", "--json"], {
    cwd: folder,
    home: join(folder, "home"),
    env: { PATH: process.env["PATH"], ...env },
  });
  const { checks } = answer.parse(outcome.json());
  return { code: outcome.code, check: (name: string) => checks.find((check) => check.name === name), checks };
}

it("finds everything that the workbench needs on this machine", async () => {
  const { code, checks } = await doctor();
  expect(checks.filter(({ status }) => status === "fail")).toEqual([]);
  expect(code).toBe(0);
  expect(checks.map(({ name }) => name)).toEqual([
    "node",
    "component_toolchain",
    "ports",
    "data_folder",
    "clock",
    "environment",
    "workbench",
    "bundle_store",
    "runner",
    "openssl",
    "electron",
  ]);
});

it("names bad variables, not their values, and examines the rest all the same", async () => {
  const { code, check } = await doctor({ WORKBENCH_PORT: "hunter2", EXT_GATEWAY_TIMEOUT_MS: "0" });
  expect(code).toBe(4);
  expect(check("environment")).toMatchObject({ status: "fail", fix: expect.any(String) });
  expect(check("environment")?.detail).toMatch(/EXT_GATEWAY_TIMEOUT_MS.*WORKBENCH_PORT/);
  expect(check("environment")?.detail).not.toContain("hunter2");
  expect(check("ports")?.status).toBe("pass");
});

it("shows the variables in force, without the secret ones", async () => {
  const { check } = await doctor({
    EXT_EGRESS_ALLOWLIST: "api.acme.com",
    RUNNER_SERVICE_TOKEN: "0123456789abcdef",
  });
  expect(check("environment")?.detail).toBe("RUNNER_SERVICE_TOKEN=(set) EXT_EGRESS_ALLOWLIST=api.acme.com");
});

it("finds what only shows when the workbench opens, with the way to mend it", async () => {
  writeFileSync(join(folder, "trust.pem"), "no certificate");
  const { code, check } = await doctor({ SIGNING_TRUST_BUNDLE: join(folder, "trust.pem") });
  expect(code).toBe(4);
  expect(check("workbench")).toMatchObject({
    status: "fail",
    fix: expect.stringContaining("SIGNING_TRUST_BUNDLE"),
  });
});
