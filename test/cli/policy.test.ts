import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { workbench } from "../support/command-line.ts";
import { suiteFolder } from "../support/temp.ts";

const folder = suiteFolder();
const options = { cwd: folder, home: join(folder, "home") };

async function wb(...args: string[]) {
  const outcome = await workbench([...args, "--json"], options);
  return { code: outcome.code, json: outcome.json() };
}

function scenarios(file: string, list: readonly object[]): void {
  mkdirSync(join(folder, "ui", "policy"), { recursive: true });
  writeFileSync(join(folder, "ui", "policy", file), JSON.stringify({ scenarios: list }));
}

const CLIENT = {
  name: "clients may not call it",
  request: { method: "GET", path: "/items" },
  as: { user_type: "client" },
  expect: { outcome: "deny", rule: "caller", code: "forbidden" },
};

beforeAll(async () => {
  await wb("create", "ui", "--name", "com.acme.ui", "--template", "ui");
});

it("tests a project's scenarios with nothing built, installed or running", async () => {
  expect(await wb("policy", "test", "ui")).toMatchObject({
    code: 1,
    json: { error: { code: "scenarios_missing" } },
  });
  scenarios("access.json", [CLIENT]);
  expect(await wb("policy", "test", "ui")).toMatchObject({
    code: 0,
    json: { passed: 1, failed: 0, files: [{ file: "policy/access.json" }] },
  });
  scenarios("wrong.json", [{ ...CLIENT, expect: { outcome: "allow" } }]);
  expect(await wb("policy", "test", "ui")).toMatchObject({ code: 1, json: { passed: 1, failed: 1 } });
  expect(await wb("policy", "test", join("ui", "policy", "access.json"))).toMatchObject({
    code: 0,
    json: { passed: 1 },
  });
  scenarios("wrong.json", [{ ...CLIENT, expects: {} }]);
  expect(await wb("policy", "test", "ui")).toMatchObject({
    code: 1,
    json: { error: { code: "scenarios_invalid", details: { problems: [{ line: 1 }] } } },
  });
});

it("explains a call of an install, with the line of the manifest that refuses it", async () => {
  await wb("build", "ui");
  await wb("pack", "ui");
  const { json } = await wb("keys", "generate", "--algorithm", "ed25519", "--subject", "CN=Policy");
  const { id } = json as { id: string };
  await wb("trust", "add", "--key", id);
  await wb("sign", join("ui", "dist", "bundle.tar.zst"), "--key", id);
  await wb("publish", "ui");
  await wb("install", "com.acme.ui");
  const explained = await wb("policy", "explain", "com.acme.ui", "GET", "/items");
  expect(explained).toMatchObject({
    code: 0,
    json: { allowed: false, refused_by: "endpoint", code: "endpoint_not_found", status: 404 },
  });
  expect(await wb("policy", "explain", "com.acme.ui", "GET", "/", "--anonymous")).toMatchObject({
    json: { refused_by: "authenticate", status: 401 },
  });
  expect(await wb("policy", "explain", "com.acme.ui", "GET", "items")).toMatchObject({ code: 2 });
  const text = await workbench(["policy", "explain", "com.acme.ui", "GET", "/items"], options);
  expect(text.stdout).toContain("→ ✗ endpoint");
});
