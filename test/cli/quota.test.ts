import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { workbench } from "../support/command-line.ts";
import { suiteFolder } from "../support/temp.ts";

const folder = suiteFolder();
const options = { cwd: folder, home: join(folder, "home") };

async function wb(line: string): Promise<unknown> {
  const outcome = await workbench([...line.split(" "), "--json"], options);
  expect(outcome, outcome.stdout).toMatchObject({ code: 0 });
  return outcome.json();
}

async function refused(line: string): Promise<{ code: number; json: unknown }> {
  const outcome = await workbench([...line.split(" "), "--json"], options);
  return { code: outcome.code, json: outcome.json() };
}

beforeAll(async () => {
  await wb("create ui --name com.acme.ui --template ui");
  await wb("build ui");
  await wb("pack ui");
  const { id } = (await wb("keys generate --algorithm ed25519 --subject CN=Quota")) as { id: string };
  await wb(`trust add --key ${id}`);
  await wb(`sign ${join("ui", "dist", "bundle.tar.zst")} --key ${id}`);
  await wb("publish ui");
  await wb("install com.acme.ui");
});

describe("quota set", () => {
  it("sets figures with units, takes one away, and forgets all", async () => {
    expect(
      await wb("quota set com.acme.ui timeout_ms=2s rate_per_minute=10/s egress_bytes_per_day=1GiB"),
    ).toMatchObject({
      own: { timeout_ms: 2_000, rate_per_minute: 600, egress_bytes_per_day: 1_073_741_824 },
    });
    expect(await wb("quota set com.acme.ui timeout_ms=none")).toMatchObject({
      limits: { timeout_ms: { value: 5_000, source: "default" } },
      own: { rate_per_minute: 600 },
    });
    expect(await wb("quota set com.acme.ui --reset memory_mb=64MiB")).toMatchObject({
      own: { memory_mb: 64 },
    });
    expect(await wb("quota set com.acme.ui --reset")).toMatchObject({ own: {} });
  });

  it("sets an install and a tenant to profiles, and says where each figure comes from", async () => {
    expect(await wb("quota set com.acme.ui --profile strict")).toMatchObject({
      profile: "strict",
      limits: { timeout_ms: { value: 1_000, source: "install:profile.strict" } },
    });
    const { tenant_id } = (await wb("quota show")) as { tenant_id: string };
    await wb("quota set com.acme.ui --profile none");
    await wb(`quota set --tenant ${tenant_id} --profile production fuel=1G`);
    expect(await wb("quota show com.acme.ui")).toMatchObject({
      limits: {
        timeout_ms: { source: "tenant:profile.production" },
        fuel: { value: 1_000_000_000, source: "tenant:limits.fuel" },
      },
    });
    expect(await wb(`quota set --tenant ${tenant_id} --shared concurrency=3`)).toMatchObject({
      profile: "production",
      shared: { limits: { concurrency: 3 } },
      installs: [{ extension_name: "com.acme.ui" }],
    });
    expect(await wb(`quota set --tenant ${tenant_id} --reset`)).toMatchObject({
      own: {},
      shared: { limits: {} },
    });
  });

  it("sets what all installs of an extension share, and forgets that without forgetting the install's own", async () => {
    await wb("quota set com.acme.ui timeout_ms=2s");
    expect(await wb("quota set com.acme.ui --shared rate_per_minute=60")).toMatchObject({
      own: { timeout_ms: 2_000 },
      shared: [{ scope: "extension", limits: { rate_per_minute: 60 } }, { scope: "tenant" }],
    });
    expect(await wb("quota set com.acme.ui --shared --reset")).toMatchObject({
      own: { timeout_ms: 2_000 },
      shared: [{ scope: "extension", limits: {} }, { scope: "tenant" }],
    });
    expect(await wb("quota set com.acme.ui --reset")).toMatchObject({ own: {} });
  });

  it.each([
    ["quota set com.acme.ui timeout_ms=5MiB", 2, "usage", "timeout_ms: expected a time such as 500ms"],
    ["quota set com.acme.ui tiemout_ms=5s", 2, "usage", '"tiemout_ms=5s" is not limit=value'],
    ["quota set com.acme.ui", 2, "usage", "Say what to set"],
    ["quota set timeout_ms=5s", 2, "usage", "Name an extension, or a tenant"],
    ["quota set com.acme.ui --profile nightly", 1, "profile_not_found", "no quota profile"],
    ["quota set com.acme.nobody timeout_ms=5s", 1, "not_installed", "is not installed"],
    ["quota set com.acme.ui --shared rate_burst=5", 1, "limits_invalid", "not usable"],
  ])("%s is refused and changes nothing", async (line, code, error, words) => {
    const before = await wb("quota show com.acme.ui");
    const answer = await refused(line);
    expect(answer).toMatchObject({
      code,
      json: { error: { code: error, message: expect.stringContaining(words) } },
    });
    expect(await wb("quota show com.acme.ui")).toMatchObject({ own: (before as { own: object }).own });
  });
});

describe("quota profiles", () => {
  it("are made, listed with who uses them, and deleted once nobody does", async () => {
    await wb("quota profiles set nightly timeout_ms=30s memory_mb=512MiB");
    await wb("quota set com.acme.ui --profile nightly");
    expect(await wb("quota profiles list")).toMatchObject({
      profiles: [
        { name: "default", built_in: true },
        { name: "strict" },
        { name: "production" },
        {
          name: "nightly",
          built_in: false,
          limits: { timeout_ms: 30_000, memory_mb: 512 },
          used_by: [{ scope: "install" }],
        },
      ],
    });
    expect(await refused("quota profiles delete nightly")).toMatchObject({
      code: 1,
      json: { error: { code: "profile_in_use" } },
    });
    await wb("quota set com.acme.ui --profile none");
    expect(await wb("quota profiles delete nightly")).toEqual({ name: "nightly" });
    expect(await refused("quota profiles set strict timeout_ms=1s")).toMatchObject({
      json: { error: { code: "profile_builtin" } },
    });
  });

  it("are a table for people, and so are an install's and a tenant's limits", async () => {
    const human = async (line: string) => (await workbench(line.split(" "), options)).stdout;
    expect(await human("quota profiles list")).toMatch(/strict +built in +0 +.*timeout_ms=1s/);
    expect(await human("quota show com.acme.ui")).toMatch(/rate_per_minute +600\/min +default/);
    expect(await human("quota show")).toMatch(/com\.acme\.ui/);
  });
});
