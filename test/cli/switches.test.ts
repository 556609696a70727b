import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { createRefusalBook } from "../../core/egress/index.ts";
import { systemClock } from "../../core/platform/clock.ts";
import { openDatabase } from "../../core/store/index.ts";
import { workbench } from "../support/command-line.ts";
import { suiteFolder } from "../support/temp.ts";

const folder = suiteFolder();
const options = { cwd: folder, home: join(folder, "home") };
let keyId = "";

async function wb(...args: string[]) {
  const outcome = await workbench([...args, "--json"], options);
  return { code: outcome.code, json: outcome.json() };
}

beforeAll(async () => {
  await wb("create", "ui", "--name", "com.acme.ui", "--template", "ui");
  await wb("build", "ui");
  await wb("pack", "ui");
  const { json } = await wb("keys", "generate", "--algorithm", "ed25519", "--subject", "CN=Switches");
  keyId = (json as { id: string }).id;
  await wb("trust", "add", "--key", keyId);
  await wb("sign", join("ui", "dist", "bundle.tar.zst"), "--key", keyId);
  await wb("publish", "ui");
});

it("deprecates a version and the extension, and takes it back", async () => {
  expect(await wb("deprecate", "com.acme.ui", "--version", "9.9.9")).toMatchObject({
    code: 1,
    json: { error: { code: "version_not_found" } },
  });
  const versions = async () =>
    ((await wb("reverify", "com.acme.ui")).json as { versions: { status: string; version: string }[] })
      .versions;
  const [{ version } = { version: "" }] = await versions();
  expect(await wb("deprecate", "com.acme.ui", "--version", version)).toMatchObject({
    json: { deprecated: true },
  });
  expect(await versions()).toMatchObject([{ status: "deprecated" }]);
  expect(await wb("deprecate", "com.acme.ui", "--version", version, "--undo")).toMatchObject({
    json: { deprecated: false },
  });
  expect(await versions()).toMatchObject([{ status: "valid" }]);
});

it("verifies again after a change of trust, and exits 3 for what no longer stands", async () => {
  const { json } = await wb("trust", "list");
  const [entry] = (json as { entries: { id: string }[] }).entries;
  await wb("trust", "remove", entry?.id ?? "");
  expect(await wb("reverify")).toMatchObject({
    code: 3,
    json: { versions: [{ name: "com.acme.ui", status: "invalid", invalid_code: "untrusted_signer" }] },
  });
  await wb("trust", "add", "--key", keyId);
  expect(await wb("reverify", "com.acme.ui")).toMatchObject({
    code: 0,
    json: { versions: [{ status: "valid" }] },
  });
});

it("makes tenants, and lets only a development tenant accept unsigned bundles", async () => {
  const staging = (await wb("tenants", "create", "Staging")).json as { tenant_id: string };
  expect(await wb("tenants", "unsigned", "allow", "--tenant", staging.tenant_id)).toMatchObject({
    json: { error: { code: "unsigned_not_allowed" } },
  });
  expect(await wb("tenants", "unsigned", "allow")).toMatchObject({
    code: 0,
    json: { unsigned_policy: "allow" },
  });
  expect(await wb("tenants", "unsigned", "refuse")).toMatchObject({ json: { unsigned_policy: "refuse" } });
  expect(await wb("tenants", "unsigned", "perhaps")).toMatchObject({ code: 2 });
  expect(await wb("tenants", "list")).toMatchObject({
    json: {
      tenants: expect.arrayContaining([expect.objectContaining({ name: "Staging", is_development: false })]),
    },
  });
});

it("switches signing of uploads on with a key that can sign, and off", async () => {
  expect(await wb("uploads")).toMatchObject({ json: { key_id: null } });
  expect(await wb("uploads", "--key", "no-such-key")).toMatchObject({ code: 1 });
  expect(await wb("uploads", "--key", keyId)).toMatchObject({ json: { key_id: keyId } });
  expect(await wb("uploads", "--off")).toMatchObject({ json: { key_id: null } });
  expect(await wb("uploads", "--off", "--key", keyId)).toMatchObject({ code: 2 });
});

it("chooses the active key", async () => {
  expect(await wb("keys", "activate", keyId)).toMatchObject({ code: 0, json: { id: keyId, active: true } });
  expect(await wb("keys", "activate", "no-such-key")).toMatchObject({ code: 1 });
});

it("shows what the egress of an install was refused, and forgets it", async () => {
  const { json } = await wb("install", "com.acme.ui", "--egress", "api.example.com");
  const { install_id } = json as { install_id: string };
  const database = openDatabase(join(options.home, "workbench.sqlite"));
  createRefusalBook({ database, clock: systemClock }).add({ installId: install_id, executionId: "e1" }, [
    { host: "evil.example", port: 443, rule: "host", count: 3 },
  ]);
  database.close();
  expect(await wb("egress", "com.acme.ui")).toMatchObject({
    code: 0,
    json: {
      install_id,
      allowed: ["api.example.com"],
      allowed_everywhere: [],
      refused: [{ host: "evil.example", port: 443, rule: "host", count: 3, last_execution_id: "e1" }],
    },
  });
  const text = (await workbench(["egress", "com.acme.ui"], options)).stdout;
  expect(text).toMatch(/evil\.example +443 +host +3 /u);
  expect(await wb("egress", "com.acme.ui", "--forget")).toMatchObject({ json: { install_id, forgotten: 1 } });
  expect(await wb("egress", "com.acme.ui")).toMatchObject({ json: { refused: [] } });
});
