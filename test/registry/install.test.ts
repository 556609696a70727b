import { describe, expect, it } from "vitest";
import { tempFolder } from "../support/temp.ts";
import { nextTurn } from "../support/turns.ts";
import { testWorkshop } from "./test-workshop.ts";

const NAME = "com.acme.hello";
const DEFAULTS = ["cap:context.read", "cap:log.emit", "cap:user.read"];

async function setUp() {
  const workshop = testWorkshop(tempFolder());
  const tenantId = workshop.tenants.ensureDefault().id;
  const key = await workshop.trustedKey();
  const release = (version: string, manifest: object = {}) =>
    workshop.publish({ version, ...manifest }, key, tenantId);
  return { ...workshop, tenantId, key, release, target: { ref: NAME, tenantId } };
}

describe("installing", () => {
  it("takes the newest release that is neither deprecated nor a pre-release nor invalid", async () => {
    const { registry, release, target } = await setUp();
    await release("1.10.0");
    await release("1.9.0");
    await release("2.0.0-beta.1");
    await release("1.11.0");
    registry.deprecate({ ref: NAME, version: "1.11.0" });
    const broken = await release("1.12.0");
    registry.markInvalid(broken.version_id, "certificate_revoked");

    expect((await registry.install(target)).version).toBe("1.10.0");
    expect(registry.getExtension(NAME).latest).toBe("1.10.0");
  });

  it("takes a named version, deprecated and pre-release ones with a word of warning", async () => {
    const { registry, release, target } = await setUp();
    await release("1.0.0");
    await release("2.0.0-beta.1");
    registry.deprecate({ ref: NAME, version: "2.0.0-beta.1" });
    const installed = await registry.install({ ...target, version: "v2.0.0-beta.1" });
    expect(installed).toMatchObject({ version: "2.0.0-beta.1", created: true });
    expect(installed.warnings).toContainEqual(expect.stringContaining("deprecated"));
  });

  it("says what is missing: the extension, the version, any release, any that is not deprecated", async () => {
    const { registry, release, target } = await setUp();
    await expect(registry.install(target)).rejects.toMatchObject({ code: "extension_not_found" });
    await release("1.0.0-rc.1");
    await expect(registry.install(target)).rejects.toMatchObject({
      code: "version_not_found",
      hint: expect.stringContaining("1.0.0-rc.1"),
    });
    await expect(registry.install({ ...target, version: "9.9.9" })).rejects.toMatchObject({
      code: "version_not_found",
      details: { available: ["1.0.0-rc.1"] },
    });
    registry.deprecate({ ref: NAME, version: "1.0.0-rc.1" });
    await expect(registry.install(target)).rejects.toMatchObject({ code: "version_deprecated" });
  });

  it("grants all that the manifest requests when no grants are named", async () => {
    const { registry, release, target } = await setUp();
    await release("1.0.0", { capabilities: ["storage.kv", "cap:secrets.get"] });
    const { grants, not_granted } = await registry.install(target);
    expect(grants).toEqual([...DEFAULTS, "cap:secrets.get", "cap:storage.kv"]);
    expect(not_granted).toEqual([]);
  });

  it("grants what is named and the defaults, and nothing that was not requested", async () => {
    const { registry, release, target } = await setUp();
    await release("1.0.0", { capabilities: ["storage.kv", "secrets.get"] });
    await expect(registry.install({ ...target, grants: ["http.fetch"] })).rejects.toMatchObject({
      code: "capability_not_requested",
    });
    await expect(registry.install({ ...target, grants: ["cap:everything"] })).rejects.toMatchObject({
      code: "capability_unknown",
    });
    const { grants, not_granted } = await registry.install({ ...target, grants: ["storage.kv"] });
    expect(grants).toEqual([...DEFAULTS, "cap:storage.kv"]);
    expect(not_granted).toEqual(["cap:secrets.get"]);
  });

  it("answers the same install again, and refuses a second one that asks for something else", async () => {
    const { registry, release, target } = await setUp();
    await release("1.0.0");
    const first = await registry.install(target);
    expect(await registry.install(target)).toEqual({ ...first, changed: false, created: false });
    await expect(registry.install({ ...target, config: { a: "b" } })).rejects.toMatchObject({
      code: "already_installed",
      hint: expect.stringContaining("update"),
    });
    await release("1.1.0");
    await expect(registry.install(target)).rejects.toMatchObject({ code: "already_installed" });
  });

  it("keeps tenants apart", async () => {
    const { registry, tenants, release, target } = await setUp();
    const other = tenants.create({ name: "Other" });
    await release("1.0.0");
    const install = await registry.install(target);
    expect(registry.resolveInstall(other.id, NAME)).toBeUndefined();
    expect(registry.resolveInstall(other.id, install.install_id)).toBeUndefined();
    expect(() => registry.uninstall({ ref: install.install_id, tenantId: other.id })).toThrow(
      "not installed",
    );
    expect((await registry.install({ ref: NAME, tenantId: other.id })).install_id).not.toBe(
      install.install_id,
    );
    expect(registry.listInstalls()).toHaveLength(2);
    expect(registry.listInstalls(other.id)).toHaveLength(1);
  });

  it("is resolved by registry id, install id and name, with everything that a call needs", async () => {
    const { registry, release, target } = await setUp();
    await release("1.0.*", {
      capabilities: ["secrets.get"],
      api: { endpoints: [{ method: "GET", path: "/", handler: "h" }] },
    });
    const { install_id, registry_id } = await registry.install({
      ...target,
      config: { greeting: "hello" },
      secrets: { api_key: "s3cret" },
      egress: ["API.Example.com"],
      limits: { timeout_ms: 1_000 },
    });
    const resolved = registry.resolveInstall(target.tenantId, NAME);
    expect(resolved).toMatchObject({
      install_id,
      extension_name: NAME,
      version: "1.0.0",
      version_status: "valid",
      signed: true,
      enabled: true,
      config: { greeting: "hello" },
      egress_allowlist: ["api.example.com"],
      limits: { timeout_ms: 1_000 },
      manifest: { api: { endpoints: [{ method: "GET", path: "/" }] } },
    });
    expect(registry.resolveInstall(target.tenantId, registry_id)).toEqual(resolved);
    expect(registry.resolveInstall(target.tenantId, install_id)).toEqual(resolved);
    expect(registry.findInstallAnywhere(install_id)).toEqual([resolved]);
  });

  it("shows a change that another process made from the next turn on", async () => {
    const { home, registry, release, target } = await setUp();
    await release("1.0.0");
    await registry.install(target);
    const other = testWorkshop(home).registry;
    other.configure({ ...target, config: { mode: "fast" } });
    await nextTurn();
    expect(registry.resolveInstall(target.tenantId, NAME)?.config).toEqual({ mode: "fast" });
    other.setEnabled({ ...target, enabled: false });
    await nextTurn();
    expect(registry.resolveInstall(target.tenantId, NAME)?.enabled).toBe(false);
  });

  it("is handed out so that no caller can widen it in place", async () => {
    const { registry, release, target } = await setUp();
    await release("1.0.0");
    await registry.install(target);
    const resolved = registry.resolveInstall(target.tenantId, NAME);
    expect(() => resolved?.granted_capabilities.push("cap:http.fetch")).toThrow(TypeError);
    expect(() => resolved?.egress_allowlist.push("evil.example")).toThrow(TypeError);
  });

  it("warns of subscriptions whose events the version's endpoints do not take, on install and on update", async () => {
    const { registry, release, target } = await setUp();
    const events = [{ topic: "ticket.created", handler: "sync" }];
    const api = (path: string) => ({ endpoints: [{ method: "POST", path, handler: path.slice(1) }] });
    await release("1.0.0", { events, api: api("/sync") });
    await release("1.1.0", { events, api: api("/other") });
    const deaf =
      'Events of "ticket.created" for "sync" will reach nothing: no endpoint has it as its handler or its path.';
    expect((await registry.install({ ...target, version: "1.0.0" })).warnings).not.toContain(deaf);
    expect((await registry.update(target)).warnings).toContain(deaf);
  });

  it("records the event subscriptions of the manifest", async () => {
    const { registry, release, target } = await setUp();
    await release("1.0.0", { events: [{ topic: "ticket.created", handler: "onTicket" }] });
    await release("1.1.0", { events: [{ topic: "ticket.closed", handler: "onClose" }] });
    await registry.install({ ...target, version: "1.0.0" });
    expect(registry.getInstall(target).subscriptions).toEqual([
      { topic: "ticket.created", handler: "onTicket" },
    ]);
    await registry.update(target);
    expect(registry.getInstall(target).subscriptions).toEqual([
      { topic: "ticket.closed", handler: "onClose" },
    ]);
  });
});

describe("settings of an install", () => {
  it("are refused whole when one of them is wrong, and nothing is installed", async () => {
    const { registry, release, target } = await setUp();
    await release("1.0.0");
    const wrong = [
      { code: "invalid_config", settings: { config: { ["__proto__"]: "x" } } },
      { code: "invalid_config", settings: { config: { "a b": "x" } } },
      { code: "invalid_config", settings: { config: { a: "x".repeat(64 * 1024 + 1) } } },
      {
        code: "invalid_config",
        settings: {
          config: Object.fromEntries(Array.from({ length: 5 }, (_, n) => [`k${n}`, "x".repeat(60_000)])),
        },
      },
      {
        code: "invalid_config",
        settings: { config: Object.fromEntries(Array.from({ length: 201 }, (_, n) => [`k${n}`, "x"])) },
      },
      { code: "invalid_secret", settings: { secrets: { "": "x" } } },
      { code: "invalid_secret", settings: { secrets: { api_key: "" } } },
      { code: "invalid_egress_host", settings: { egress: ["ok.example", "*.example.com"] } },
      { code: "invalid_limits", settings: { limits: { timeout_ms: 120_001 } } },
      { code: "invalid_limits", settings: { limits: { memory_mb: 1e9 } } },
      { code: "invalid_limits", settings: { limits: { fuel: 0 } } },
    ];
    for (const { code, settings } of wrong) {
      await expect(
        registry.install({ ...target, ...settings }),
        JSON.stringify(settings).slice(0, 80),
      ).rejects.toMatchObject({ code });
    }
    expect(registry.listInstalls()).toEqual([]);
  });

  it("do not repeat a secret that slipped into the place of its key", async () => {
    const { registry, release, target } = await setUp();
    await release("1.0.0");
    const slip = "pa$$word of the month";
    const refusal = await registry
      .install({ ...target, secrets: { [slip]: "x" } })
      .catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: "invalid_secret" });
    expect(JSON.stringify(refusal) + String(refusal)).not.toContain(slip);
  });

  it("change without touching the version, key by key", async () => {
    const { registry, release, target } = await setUp();
    await release("1.0.0", { capabilities: ["storage.kv"] });
    await registry.install({
      ...target,
      config: { a: "1", b: "2" },
      secrets: { one: "x", two: "y" },
      egress: ["a.example"],
    });
    const changed = registry.configure({
      ...target,
      config: { a: null, c: "3" },
      secrets: { one: null, three: "z" },
      limits: { fuel: 5 },
    });
    expect(changed).toMatchObject({
      version: "1.0.0",
      config: { b: "2", c: "3" },
      secret_keys: ["three", "two"],
      egress_allowlist: ["a.example"],
      limits: { fuel: 5 },
    });
    expect(changed.granted_capabilities).toContain("cap:storage.kv");
    expect(registry.configure({ ...target, grants: [] }).granted_capabilities).toEqual(DEFAULTS);
  });

  it("stay as they were when a change is refused half-way", async () => {
    const { registry, release, target } = await setUp();
    await release("1.0.0");
    await registry.install({ ...target, config: { a: "1" } });
    const before = registry.getInstall(target);
    expect(() => registry.configure({ ...target, config: { a: "2" }, egress: ["http://x"] })).toThrow(
      "egress",
    );
    expect(registry.getInstall(target)).toEqual(before);
  });

  it("never give a secret back, and keep it sealed in the database", async () => {
    const { home, registry, release, target, database, secrets } = await setUp();
    await release("1.0.0");
    const value = "correct horse battery staple";
    const installed = await registry.install({ ...target, secrets: { pass: value } });
    const shown = [
      installed,
      registry.getInstall(target),
      registry.listInstalls(),
      registry.resolveInstall(target.tenantId, NAME),
    ];
    expect(JSON.stringify(shown)).not.toContain(value);
    expect(secrets.open(installed.install_id).get("pass")).toBe(value);
    database.pragma("wal_checkpoint(TRUNCATE)");
    const { readFileSync } = await import("node:fs");
    expect(readFileSync(`${home}/workbench.sqlite`).includes(value)).toBe(false);
  });
});

describe("updating", () => {
  it("keeps settings and grants, and waits for consent to newly requested capabilities", async () => {
    const { registry, release, target } = await setUp();
    await release("1.0.0", { capabilities: ["storage.kv", "secrets.get"] });
    await registry.install({ ...target, config: { a: "1" }, secrets: { k: "v" } });
    await release("1.1.0", { capabilities: ["storage.kv", "http.fetch"] });

    const updated = await registry.update(target);

    expect(updated).toMatchObject({ version: "1.1.0", changed: true, not_granted: ["cap:http.fetch"] });
    expect(updated.grants).toEqual([...DEFAULTS, "cap:storage.kv"]);
    expect(registry.getInstall(target)).toMatchObject({ config: { a: "1" }, secret_keys: ["k"] });
    expect((await registry.update({ ...target, grants: "requested" })).grants).toContain("cap:http.fetch");
    expect(await registry.update(target)).toMatchObject({ changed: false, created: false, version: "1.1.0" });
  });

  it("goes back to a named version", async () => {
    const { registry, release, target } = await setUp();
    await release("1.0.0");
    await release("1.1.0");
    await registry.install(target);
    expect((await registry.update({ ...target, version: "1.0.0" })).version).toBe("1.0.0");
  });

  it("says when the new version has another signer", async () => {
    const { registry, release, publish, trustedKey, target, tenantId } = await setUp();
    await release("1.0.0");
    await registry.install(target);
    await publish({ version: "1.1.0" }, await trustedKey("CN=Somebody else"), tenantId);
    expect((await registry.update(target)).warnings).toContainEqual(expect.stringContaining("Somebody else"));
  });

  it("refuses what is not installed", async () => {
    const { registry, release, target } = await setUp();
    await release("1.0.0");
    await expect(registry.update(target)).rejects.toMatchObject({ code: "not_installed" });
    expect(() => registry.configure(target)).toThrow("not installed");
    expect(() => registry.setEnabled({ ...target, enabled: true })).toThrow("not installed");
  });
});

describe("uninstalling", () => {
  it("takes everything of the install with it and says how much that was", async () => {
    const { registry, release, target, database } = await setUp();
    await release("1.0.0", { events: [{ topic: "t", handler: "h" }] });
    const { install_id } = await registry.install({
      ...target,
      config: { a: "1", b: "2" },
      secrets: { k: "v" },
    });
    database
      .prepare("INSERT INTO extension_storage VALUES (?, 'ns', 'key', x'00', 1, '2026-01-01T00:00:00.000Z')")
      .run(install_id);

    const { removed } = registry.uninstall(target);

    expect(removed).toEqual({ config: 2, secrets: 1, storage: 1, schedules: 0, subscriptions: 1 });
    const left = [
      "tenant_extension_install",
      "tenant_extension_install_config",
      "tenant_extension_install_secrets",
      "extension_storage",
      "extension_event_subscription",
    ].map((table) => database.prepare(`SELECT COUNT(*) FROM ${table}`).pluck().get());
    expect(left).toEqual([0, 0, 0, 0, 0]);
    expect(registry.getExtension(NAME).installs).toBe(0);
  });
});

describe("UI assets", () => {
  it("may be served for a bundle that is installed, enabled and valid, under any of its names", async () => {
    const { registry, release, target } = await setUp();
    const published = await release("1.0.0");
    const { content_hash, registry_id, version_id } = published;
    expect(registry.isInstalled(NAME, content_hash)).toBe(false);
    const { install_id } = await registry.install(target);
    for (const ref of [NAME, registry_id, install_id])
      expect(registry.isInstalled(ref, content_hash)).toBe(true);
    expect(registry.isInstalled("com.acme.other", content_hash)).toBe(false);
    expect(registry.isInstalled(NAME, `sha256:${"0".repeat(64)}`)).toBe(false);
    registry.setEnabled({ ...target, enabled: false });
    expect(registry.isInstalled(NAME, content_hash)).toBe(false);
    registry.setEnabled({ ...target, enabled: true });
    registry.markInvalid(version_id, "digest_mismatch");
    expect(registry.isInstalled(NAME, content_hash)).toBe(false);
  });
});
