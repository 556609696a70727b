import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import { createFileKeyBox } from "../../core/platform/file-key-box.ts";
import { randomIds } from "../../core/platform/ids.ts";
import { openDatabase } from "../../core/store/index.ts";
import { createSettings, createTenants, TenantError } from "../../core/tenants/index.ts";
import { tempFolder } from "../support/temp.ts";

const clock = { now: () => new Date("2026-03-01T12:00:00.000Z") };

function setUp(home = tempFolder()) {
  const database = openDatabase(join(home, "workbench.sqlite"));
  onTestFinished(() => void database.close());
  const box = createFileKeyBox(join(home, "box.key"));
  return { home, database, tenants: createTenants({ database, box, clock, ids: randomIds }) };
}

describe("the default tenant", () => {
  it("is a development tenant with personas, business data and an API key for each persona", () => {
    const { tenants } = setUp();
    expect(tenants.caller()).toBeUndefined();
    const tenant = tenants.ensureDefault();

    expect(tenant).toMatchObject({
      name: "Dev tenant",
      is_development: true,
      unsigned_policy: "refuse",
      limits: {},
    });
    const personas = tenants.personas.list(tenant.id);
    expect(personas.map(({ user }) => [user.user_type, user.roles ?? user.client_name])).toEqual([
      ["internal", ["read", "write"]],
      ["internal", ["read"]],
      ["client", "Emerald City Logistics"],
    ]);
    for (const persona of personas) {
      expect(persona.user.tenant_id).toBe(tenant.id);
      expect(tenants.callerByApiKey(tenants.apiKeyOf(tenant.id, persona.id))).toEqual({
        tenant,
        user: persona.user,
      });
    }
    expect(tenants.apiKeyOf(tenant.id)).toBe(tenants.apiKeyOf(tenant.id, personas[0]?.id));
    expect(tenants.caller()?.user).toEqual(personas[0]?.user);
    const { clients, services } = tenants.fixtures.get(tenant.id);
    expect(clients.map(({ client_id }) => client_id)).toContain(personas[2]?.user.client_id);
    expect(services.length).toBeGreaterThan(2);
  });

  it("is made once, with one API key that stays", () => {
    const { home, tenants } = setUp();
    const tenant = tenants.ensureDefault();
    const key = tenants.apiKeyOf(tenant.id);
    expect(tenants.ensureDefault()).toEqual(tenant);
    const later = setUp(home).tenants;
    expect(later.ensureDefault()).toEqual(tenant);
    expect(later.apiKeyOf(tenant.id)).toBe(key);
    expect(later.list()).toEqual([tenant]);
  });

  it("is made once by processes that start together", async () => {
    const home = tempFolder();
    const first = join(import.meta.dirname, "first-use.ts");
    const children = Array.from({ length: 3 }, () =>
      spawn(process.execPath, [first, home], { stdio: ["ignore", "pipe", "inherit"] }),
    );
    const answers = await Promise.all(
      children.map(async (child) => {
        const [answer] = await Promise.all([text(child.stdout), once(child, "exit")]);
        return answer;
      }),
    );
    expect(answers[0]).toMatch(/^[0-9a-f-]{36} ewk_/);
    expect(new Set(answers).size).toBe(1);
    expect(setUp(home).tenants.list()).toHaveLength(1);
  });
});

describe("API keys", () => {
  it("name nobody when unknown, altered, empty or endless", () => {
    const { tenants } = setUp();
    const key = tenants.apiKeyOf(tenants.ensureDefault().id);
    for (const wrong of ["", key.slice(0, -1), `${key} `, key.toUpperCase(), "x".repeat(1_000_000)]) {
      expect(tenants.callerByApiKey(wrong)).toBeUndefined();
    }
  });

  it("are nowhere in the database in plaintext, and not readable under another box", () => {
    const { home, database, tenants } = setUp();
    const tenant = tenants.ensureDefault();
    const key = tenants.apiKeyOf(tenant.id);
    const dump = JSON.stringify(
      database.prepare("SELECT id, sha256, hex(sealed), CAST(sealed AS TEXT) FROM api_key").all(),
    );
    expect(dump).not.toContain(key);
    const strange = createTenants({
      database,
      box: createFileKeyBox(join(home, "other.key")),
      clock,
      ids: randomIds,
    });
    expect(() => strange.apiKeyOf(tenant.id)).toThrow(
      expect.objectContaining({ code: "api_key_unreadable" }),
    );
    expect(strange.callerByApiKey(key)?.tenant).toEqual(tenant);
  });

  it("go with their persona", () => {
    const { tenants } = setUp();
    const { id } = tenants.ensureDefault();
    const reader = tenants.personas.list(id)[1];
    const key = tenants.apiKeyOf(id, reader?.id);
    tenants.personas.remove(reader?.id ?? "");
    expect(tenants.callerByApiKey(key)).toBeUndefined();
    expect(() => tenants.apiKeyOf(id, reader?.id)).toThrow(TenantError);
  });
});

describe("tenants", () => {
  it("are created without business data and without other tenants' keys", () => {
    const { tenants } = setUp();
    const first = tenants.ensureDefault();
    const second = tenants.create({ name: "  Production  " });
    expect(second).toMatchObject({ name: "Production", is_development: false });
    expect(tenants.fixtures.get(second.id)).toEqual({
      clients: [],
      services: [],
      tax_rate_percent: 0,
      routes: [],
    });
    expect(tenants.apiKeyOf(second.id)).not.toBe(tenants.apiKeyOf(first.id));
    expect(tenants.caller({ tenantId: second.id })?.tenant).toEqual(second);
    expect(
      tenants.caller({ tenantId: second.id, personaId: tenants.personas.list(first.id)[0]?.id }),
    ).toBeUndefined();
    expect(() => tenants.create({ name: " " })).toThrow(expect.objectContaining({ code: "tenant_invalid" }));
  });

  it("allow unsigned bundles only where they are for development", () => {
    const { tenants } = setUp();
    const development = tenants.ensureDefault();
    const production = tenants.create({ name: "Production" });
    expect(tenants.setUnsignedPolicy(development.id, "allow").unsigned_policy).toBe("allow");
    expect(() => tenants.setUnsignedPolicy(production.id, "allow")).toThrow(
      expect.objectContaining({ code: "unsigned_not_allowed" }),
    );
    expect(() => tenants.setUnsignedPolicy("nobody", "allow")).toThrow(
      expect.objectContaining({ code: "tenant_not_found" }),
    );
    expect(tenants.get(production.id)?.unsigned_policy).toBe("refuse");
  });

  it("keep limits that are limits", () => {
    const { tenants } = setUp();
    const { id } = tenants.ensureDefault();
    expect(tenants.setLimits(id, { concurrency: 2 }).limits).toEqual({ concurrency: 2 });
    expect(() => tenants.setLimits(id, { concurrency: -1 })).toThrow(
      expect.objectContaining({ code: "tenant_invalid" }),
    );
    expect(tenants.get(id)?.limits).toEqual({ concurrency: 2 });
  });
});

describe("personas", () => {
  const user = {
    user_id: "u",
    user_email: "u@example.test",
    user_name: "U",
    user_type: "internal",
    client_name: "",
  } as const;

  it("are added with a key of their own, changed and removed", () => {
    const { tenants } = setUp();
    const { id } = tenants.ensureDefault();
    const added = tenants.personas.add(id, { name: "Night shift", user: { ...user, roles: ["read"] } });
    expect(tenants.callerByApiKey(tenants.apiKeyOf(id, added.id))?.user).toEqual(added.user);
    const saved = tenants.personas.save(added.id, { name: "Day shift", user: { ...user, roles: ["write"] } });
    expect(tenants.personas.get(added.id)).toEqual(saved);
    expect(saved.user).toMatchObject({ tenant_id: id, roles: ["write"] });
  });

  it("are refused with a taken name, without a client, or with a tenant of their own choosing", () => {
    const { tenants } = setUp();
    const { id } = tenants.ensureDefault();
    const before = tenants.personas.list(id);
    const add = (name: string, given: object) => () =>
      tenants.personas.add(id, { name, user: { ...user, ...given } });
    expect(add("Dana Developer", {})).toThrow(expect.objectContaining({ code: "persona_exists" }));
    expect(add("Nobody's", { user_type: "client" })).toThrow(
      expect.objectContaining({ code: "persona_invalid" }),
    );
    expect(add("", {})).toThrow(expect.objectContaining({ code: "persona_invalid" }));
    expect(add("Root", { user_type: "root" })).toThrow(expect.objectContaining({ code: "persona_invalid" }));
    expect(() => tenants.personas.add("nobody", { name: "x", user })).toThrow(
      expect.objectContaining({ code: "tenant_not_found" }),
    );
    expect(tenants.personas.list(id)).toEqual(before);
    const moved = tenants.personas.add(id, {
      name: "Mover",
      user: { ...user, ...{ tenant_id: "elsewhere" } },
    });
    expect(moved.user.tenant_id).toBe(id);
  });
});

describe("fixtures", () => {
  it("are replaced as a whole, with defaults filled in, and reset to the sample's", () => {
    const { tenants } = setUp();
    const { id } = tenants.ensureDefault();
    const sample = tenants.fixtures.get(id);
    tenants.fixtures.set(id, { clients: [{ client_id: "c1", client_name: "One" }] });
    expect(tenants.fixtures.get(id)).toEqual({
      clients: [{ client_id: "c1", client_name: "One", is_inactive: false }],
      services: [],
      tax_rate_percent: 0,
      routes: [],
    });
    tenants.fixtures.reset(id);
    expect(tenants.fixtures.get(id)).toEqual(sample);
    expect(sample.routes.length).toBeGreaterThan(0);
  });

  it("are refused with every problem named, and stay as they were", () => {
    const { tenants } = setUp();
    const { id } = tenants.ensureDefault();
    const before = tenants.fixtures.get(id);
    const service = {
      service_id: "s",
      service_name: "S",
      billing_method: "fixed",
      default_rate: 1,
      unit_of_measure: "h",
    };
    const services = [service, service, { ...service, service_id: "t", default_rate: -1, colour: "red" }];
    const routes = [{ method: "GET", path: "/not-the-platform's" }];
    expect(() => tenants.fixtures.set(id, { services, routes })).toThrow(
      expect.objectContaining({
        code: "fixture_invalid",
        details: {
          problems: expect.arrayContaining([
            expect.objectContaining({ path: "services.1.service_id" }),
            expect.objectContaining({ path: "services.2.default_rate" }),
            expect.objectContaining({ path: "services.2" }),
            expect.objectContaining({ path: "routes.0.path" }),
          ]),
        },
      }),
    );
    expect(() => tenants.fixtures.set(id, { services: { not: "a list" } })).toThrow(TenantError);
    expect(tenants.fixtures.get(id)).toEqual(before);
  });
});

describe("settings", () => {
  it("are kept by name, listed and removed, and refused with a name that is none", () => {
    const { database } = setUp();
    const settings = createSettings({ database });
    expect(settings.get("theme")).toBeUndefined();
    settings.set("theme", "dark");
    settings.set("theme", "light");
    expect(settings.get("theme")).toBe("light");
    expect([...settings.all()]).toEqual([["theme", "light"]]);
    settings.remove("theme");
    expect(settings.get("theme")).toBeUndefined();
    for (const name of ["", "Theme", "a b", "x".repeat(65)]) {
      expect(() => settings.set(name, "v")).toThrow(expect.objectContaining({ code: "setting_invalid" }));
    }
  });
});
