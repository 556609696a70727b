import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packArchive } from "../../core/bundle/index.ts";
import { CAPABILITIES, type Capability } from "../../core/contract/capability.ts";
import { readEnvironment } from "../../core/platform/environment.ts";
import { createLogger } from "../../core/platform/logger.ts";
import { openWorkbench, type Workbench } from "../../core/workbench.ts";
import { buildTestComponent } from "../support/components.ts";
import { suiteFolder } from "../support/temp.ts";
import { CALLER } from "./caller-source.ts";

const NAME = "com.acme.caller";
const EMERALD = "7f3d1c1e-5a0b-4a54-9b57-0d6f1a2c3e01";
const WORKSTATION = "2b9a7c60-1d3e-4f8a-a1b2-9c8d7e6f5a01";

type HostFunction = readonly [name: string, fn: string, args: readonly unknown[]];

const folder = suiteFolder();
let workbench: Workbench;
let tenantId: string;

beforeAll(async () => {
  workbench = await openWorkbench({
    environment: readEnvironment({}, process.platform, { home: join(folder, "home") }),
    logger: createLogger("silent"),
  });
  tenantId = workbench.tenantId(undefined);
  workbench.tenants.setUnsignedPolicy(tenantId, "allow");
  const archive = await packArchive([
    {
      path: "manifest.json",
      bytes: Buffer.from(
        JSON.stringify({
          name: NAME,
          version: "1.0.0",
          runtime: "wasm-js@1",
          capabilities: CAPABILITIES,
          ui: { type: "iframe", entry: "ui/index.html", hooks: { clientPortalMenu: { label: "Caller" } } },
        }),
      ),
    },
    { path: "ui/index.html", bytes: Buffer.from("<!doctype html><title>Caller</title>") },
    {
      path: "dist/main.wasm",
      bytes: await buildTestComponent({ source: CALLER, engine: "quickjs" }),
    },
  ]);
  await workbench.registry.publish({ archive, signature: undefined, tenantId });
  await workbench.registry.install({ ref: NAME, tenantId, grants: [...CAPABILITIES] });
  // What is tested here is what calls answer, not how fast a busy machine is.
  workbench.registry.configure({ ref: NAME, tenantId, limits: { timeout_ms: 60_000 } });
  await workbench.runner.start();
});
afterAll(() => workbench.dispose());

function grant(...grants: readonly Capability[]): void {
  workbench.registry.configure({ ref: NAME, tenantId, grants: [...grants] });
}

async function call(target: string, body?: unknown, persona?: string) {
  const personaId = workbench.tenants.personas.list(tenantId).find(({ name }) => name === persona)?.id;
  const caller = workbench.tenants.caller({ tenantId, personaId });
  const result = await workbench.gateway.call({
    extension: NAME,
    method: body === undefined ? "GET" : "POST",
    target,
    caller,
    ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) }),
  });
  const text = Buffer.from(result.body).toString();
  const notes = workbench.logs
    .query({ request_id: result.request_id, tenant_id: tenantId, limit: 100 })
    .items.filter(({ stream }) => stream === "host")
    .map(({ message }) => message);
  return { status: result.status, body: JSON.parse(text), notes, requestId: result.request_id };
}

/** What each host function answered: `{ok}` or `{err}`. */
async function run(...calls: readonly HostFunction[]) {
  return (await call("/run", calls)).body;
}

const names = (listing: { ok: { items: { clientName?: string; serviceName?: string }[] } }) =>
  listing.ok.items.map(({ clientName, serviceName }) => clientName ?? serviceName);

describe("clients and services", () => {
  it("lists clients by name, active ones unless asked, with search and pages", async () => {
    grant("cap:client.read");
    const [active, all, found, second, empty] = await run(
      ["clients", "listClients", [{}]],
      ["clients", "listClients", [{ includeInactive: true }]],
      ["clients", "listClients", [{ search: "RABBIT" }]],
      ["clients", "listClients", [{ page: 2, pageSize: 2 }]],
      ["clients", "listClients", [{ page: 99 }]],
    );
    expect(names(active)).toEqual(["Alice Liddell", "Emerald City Logistics", "White Rabbit Timekeeping"]);
    expect(active.ok).toMatchObject({ totalCount: 3, page: 1, pageSize: 25 });
    expect(all.ok.totalCount).toBe(4);
    expect(found.ok.items).toEqual([
      expect.objectContaining({
        clientName: "White Rabbit Timekeeping",
        isInactive: false,
        defaultCurrencyCode: "EUR",
      }),
    ]);
    expect(second.ok).toMatchObject({ totalCount: 3, page: 2, pageSize: 2 });
    expect(names(second)).toEqual(["White Rabbit Timekeeping"]);
    expect(empty.ok).toMatchObject({ items: [], totalCount: 3, page: 99 });
  });

  it("gets one client, and nothing for an id that nobody has", async () => {
    grant("cap:client.read");
    const [known, unknown, none] = await run(
      ["clients", "getClient", [EMERALD]],
      ["clients", "getClient", ["nobody"]],
      ["clients", "getClient", [""]],
    );
    expect(known.ok).toMatchObject({ clientId: EMERALD, accountManagerName: "Dana Developer" });
    expect(unknown).toEqual({ ok: null });
    expect(none).toEqual({ err: "invalid-input" });
  });

  it("lists services by kind, billing method and activity, and gets one", async () => {
    grant("cap:service.read");
    const [products, fixed, gone, bySku, one] = await run(
      ["services", "listServices", [{ itemKind: "product" }]],
      ["services", "listServices", [{ billingMethod: "fixed" }]],
      ["services", "listServices", [{ isActive: false }]],
      ["services", "listServices", [{ search: "ap-cm" }]],
      ["services", "getService", [WORKSTATION]],
    );
    expect(names(products)).toEqual(["Access point, ceiling mount"]);
    expect(names(fixed)).toEqual(["Fax line", "Managed workstation"]);
    expect(names(gone)).toEqual(["Fax line"]);
    expect(names(bySku)).toEqual(["Access point, ceiling mount"]);
    expect(one.ok).toMatchObject({ serviceId: WORKSTATION, defaultRate: 65, unitOfMeasure: "device" });
  });

  it("refuses pages and searches that make no sense, and says in the log what was wrong", async () => {
    grant("cap:client.read", "cap:service.read");
    const inputs = [{ page: 0 }, { pageSize: 0 }, { pageSize: 101 }, { search: "x".repeat(201) }];
    const refused = await call("/run", [
      ...inputs.map((input) => ["clients", "listClients", [input]]),
      ...inputs.map((input) => ["services", "listServices", [input]]),
    ]);
    expect(refused.body).toEqual(new Array(8).fill({ err: "invalid-input" }));
    expect(refused.notes[0]).toBe("clients.list: pages count from 1");
    expect(refused.notes[2]).toBe("clients.list: a page has 1 to 100 items");
  });

  it("answers from an edit of the fixtures at once", async () => {
    grant("cap:client.read");
    const before = workbench.tenants.fixtures.get(tenantId);
    workbench.tenants.fixtures.set(tenantId, { clients: [{ client_id: "c", client_name: "Only one" }] });
    const [listing] = await run(["clients", "listClients", [{}]]);
    workbench.tenants.fixtures.set(tenantId, before);
    expect(names(listing)).toEqual(["Only one"]);
  });
});

describe("manual invoices", () => {
  const item = (change: object = {}) => ({
    serviceId: WORKSTATION,
    quantity: 3,
    description: "Workstations",
    rate: 65,
    ...change,
  });
  const create = async (input: object) =>
    (await run(["invoicing", "createManualInvoice", [{ clientId: EMERALD, ...input }]]))[0].ok;

  it("computes, keeps and shows an invoice", async () => {
    grant("cap:invoice.manual.create");
    const made = await create({
      items: [
        item(),
        item({ quantity: 1, rate: 10, isDiscount: true, discountType: "percentage", description: "" }),
      ],
      invoiceDate: "2026-02-01",
      dueDate: "2026-03-01",
      poNumber: "PO-7",
    });
    expect(made).toEqual({
      success: true,
      invoiceId: expect.any(String),
      invoiceNumber: "INV-000001",
      status: "draft",
      subtotal: 175.5,
      tax: 33.35,
      total: 208.85,
      error: null,
      fieldErrors: null,
    });
    const [kept] = workbench.hostApi.invoices.list(tenantId, 10);
    expect(kept).toMatchObject({
      invoice_number: "INV-000001",
      client_name: "Emerald City Logistics",
      currency_code: "USD",
      due_date: "2026-03-01",
      po_number: "PO-7",
      lines: [{ amount: 195 }, { amount: -19.5, description: "Managed workstation", discount: "percentage" }],
      total: 208.85,
    });
  });

  it("says field by field what is wrong, as JSON", async () => {
    grant("cap:invoice.manual.create");
    const refused = await create({
      clientId: "nobody",
      items: [
        item({ quantity: "#NaN", rate: "#Infinity", serviceId: "none" }),
        item({ discountType: "fixed" }),
      ],
      dueDate: "30.2.2026",
    });
    expect(refused).toMatchObject({ success: false, error: "The invoice is not valid." });
    expect(Object.keys(JSON.parse(refused.fieldErrors))).toEqual([
      "clientId",
      "items[0].serviceId",
      "items[0].quantity",
      "items[0].rate",
      "items[1].discountType",
      "dueDate",
    ]);
  });
});

describe("metrics", () => {
  it("sums up what extensions record, by labels whatever their order", async () => {
    grant("cap:metrics.emit");
    await run(
      [
        "metrics",
        "record",
        [
          "orders",
          "counter",
          2,
          [
            ["a", "1"],
            ["b", "2"],
          ],
        ],
      ],
      [
        "metrics",
        "record",
        [
          "orders",
          "counter",
          3,
          [
            ["b", "2"],
            ["a", "1"],
          ],
        ],
      ],
      ["metrics", "record", ["depth", "gauge", 7, []]],
      ["metrics", "record", ["depth", "gauge", -4, []]],
      ["metrics", "record", ["seconds", "histogram", 0.3, []]],
      ["metrics", "record", ["seconds", "histogram", 0.5, []]],
    );
    expect(workbench.hostApi.metrics.list({ tenantId })).toMatchObject([
      { extension_name: NAME, name: "depth", kind: "gauge", value: -4, minimum: -4, maximum: 7, samples: 2 },
      { name: "orders", kind: "counter", labels: { a: "1", b: "2" }, value: 5 },
      { name: "seconds", kind: "histogram", value: 0.4, samples: 2 },
    ]);
  });

  it("drops what is over 100 sets of labels, and says so once", async () => {
    grant("cap:metrics.emit");
    const flood = await call(
      "/run",
      Array.from({ length: 110 }, (_, i) => [
        "metrics",
        "record",
        ["flood", "counter", 1, [["id", String(i)]]],
      ]),
    );
    const kept = workbench.hostApi.metrics.list({ tenantId }).filter(({ name }) => name === "flood");
    expect(kept).toHaveLength(100);
    expect(flood.notes).toEqual([
      "metrics: dropped a sample: flood has 100 sets of labels, which is the most",
    ]);
    expect(flood.body).toEqual(new Array(110).fill({}));
  });

  it("drops samples that no collector would take", async () => {
    grant("cap:metrics.emit");
    const odd = await call("/run", [
      ["metrics", "record", ["no name", "counter", 1, []]],
      ["metrics", "record", ["bad", "counter", -1, []]],
      ["metrics", "record", ["bad", "gauge", "#NaN", []]],
      ["metrics", "record", ["bad", "gauge", 1, [["1x", ""]]]],
      [
        "metrics",
        "record",
        [
          "bad",
          "gauge",
          1,
          [
            ["x", "1"],
            ["x", "2"],
          ],
        ],
      ],
      ["metrics", "record", ["orders", "gauge", 1, []]],
    ]);
    expect(odd.notes).toHaveLength(6);
    expect(odd.notes.at(-1)).toBe("metrics: dropped a sample: orders is a counter and not a gauge");
    expect(workbench.hostApi.metrics.list({ tenantId }).some(({ name }) => name === "bad")).toBe(false);
  });

  it("keeps no secret of the install: one in a label's value is replaced, one in a name drops the sample", async () => {
    grant("cap:metrics.emit");
    workbench.registry.configure({ ref: NAME, tenantId, secrets: { api_key: "s3cr3t_Value" } });
    await run(
      ["metrics", "record", ["logins", "counter", 1, [["with", "Bearer s3cr3t_Value"]]]],
      ["metrics", "record", ["s3cr3t_Value", "counter", 1, []]],
      ["metrics", "record", ["logins", "counter", 1, [["s3cr3t_Value", "x"]]]],
    );
    const kept = workbench.hostApi.metrics.list({ tenantId });
    expect(kept.filter(({ name }) => name === "logins")).toMatchObject([
      { labels: { with: "Bearer [secret api_key]" }, value: 1 },
    ]);
    expect(JSON.stringify(kept)).not.toContain("s3cr3t");
  });
});

describe("calling routes", () => {
  const route = (path: string, payload: string | null = null): HostFunction => [
    "ui-proxy",
    "callRoute",
    [path, payload === null ? null : `bytes:${payload}`],
  ];

  it("answers the platform's routes from the fixtures, by method and pattern", async () => {
    grant("cap:ui.proxy");
    const [list, one, made, text, unknown] = await run(
      route("/api/v1/tickets?page=1"),
      route("/api/v1/tickets/t-9"),
      route("/api/v1/tickets", "{}"),
      route("/api/v1/tickets/t-9", "{}"),
      route("/api/none"),
    );
    expect(JSON.parse(list.ok.slice("bytes:".length))).toHaveLength(2);
    expect(one.ok).toContain("Printer offline");
    expect(made.ok).toContain("t-1003");
    expect(text).toEqual({ err: "route-not-found" });
    expect(unknown).toEqual({ err: "route-not-found" });
  });

  it("turns a fixture's status into the interface's errors", async () => {
    grant("cap:ui.proxy");
    const before = workbench.tenants.fixtures.get(tenantId);
    const statuses = [204, 401, 403, 404, 422, 429, 500];
    const routes = statuses.map((status) => ({
      method: "GET",
      path: `/api/${status}`,
      status,
      body: "as it stands",
    }));
    workbench.tenants.fixtures.set(tenantId, { ...before, routes });
    const answers = await run(...statuses.map((status) => route(`/api/${status}`)));
    workbench.tenants.fixtures.set(tenantId, before);
    expect(answers).toEqual([
      { ok: "bytes:as it stands" },
      { err: "denied" },
      { err: "denied" },
      { err: "route-not-found" },
      { err: "bad-request" },
      { err: "internal" },
      { err: "internal" },
    ]);
  });

  it("takes any other route back to the extension, as the same persona", async () => {
    grant("cap:ui.proxy");
    const answers = await call("/run", [route("/echo?x=1"), route("/echo", "hello")], "Chris Client");
    const [got, posted] = answers.body.map(({ ok }: { ok: string }) => JSON.parse(ok.slice("bytes:".length)));
    expect(got).toMatchObject({
      method: "GET",
      url: "/echo?x=1",
      body: "",
      user: { userName: "Chris Client" },
    });
    expect(posted).toMatchObject({
      method: "POST",
      url: "/echo",
      body: "hello",
      user: { userType: "client" },
    });
    const nested = workbench.executions.find(`${answers.requestId}.2`);
    expect(nested).toMatchObject({ path: "/echo", method: "POST", outcome: "succeeded" });
  });

  it("refuses what the same persona may not do there", async () => {
    grant("cap:ui.proxy");
    const reader = workbench.tenants.personas.list(tenantId).find(({ name }) => name === "Robin Reader");
    expect(reader).toBeDefined();
    const answers = await call("/deep?left=1", undefined, "Robin Reader");
    expect(answers.body).toEqual({ reached: [1], method: "GET" });
    const [missing, forbidden] = await run(route("/nowhere"), route("/status?is=403"));
    expect([missing, forbidden]).toEqual([{ err: "route-not-found" }, { err: "denied" }]);
  });

  it("refuses dot segments, empty segments and what is no path", async () => {
    grant("cap:ui.proxy");
    const odd = [
      "/api/../secret",
      "/api/./x",
      "/a/%2e%2e/b",
      "//api/x",
      "no-slash",
      "/a\\b",
      "/a%2fb",
      "/x#y",
      "",
    ];
    expect(await run(...odd.map((path) => route(path)))).toEqual(odd.map(() => ({ err: "bad-request" })));
  });

  it("goes four deep and no deeper", async () => {
    grant("cap:ui.proxy");
    const four = await call("/deep?left=4");
    expect(four.body).toEqual({ reached: [4, 3, 2, 1], method: "GET" });
    const five = await call("/deep?left=5");
    expect(five.body).toEqual({ reached: [5, 4, 3, 2, 1], err: "denied" });
    expect(workbench.executions.find(`${five.requestId}.1.1.1.1`)).toMatchObject({ outcome: "succeeded" });
    expect(workbench.executions.find(`${five.requestId}.1.1.1.1.1`)).toBeUndefined();
  });

  it("does not stand still when every worker waits for a call inside its own", async () => {
    grant("cap:ui.proxy");
    const calls = await Promise.all(Array.from({ length: 8 }, () => call("/deep?left=4")));
    expect(calls.map(({ body }) => body.reached)).toEqual(new Array(8).fill([4, 3, 2, 1]));
  });

  it("ends the call inside when the call outside ends", async () => {
    grant("cap:ui.proxy");
    const outer = new AbortController();
    const given = workbench.gateway.call({
      extension: NAME,
      method: "POST",
      target: "/run",
      headers: [{ name: "x-request-id", value: "given-up" }],
      caller: workbench.tenants.caller({ tenantId }),
      body: Buffer.from(JSON.stringify([route("/slow")])),
      signal: outer.signal,
    });
    const inside = () => workbench.executions.find("given-up.1")?.outcome;
    await expect.poll(inside, { timeout: 20_000 }).toBe("running");
    outer.abort();
    await expect(given).rejects.toBe(outer.signal.reason);
    await expect.poll(inside, { timeout: 20_000 }).toBe("interrupted");
    expect((await call("/echo")).status).toBe(200);
  });
});

describe("without the capability", () => {
  const DENIED: readonly (readonly [HostFunction, unknown])[] = [
    [["clients", "listClients", [{}]], { err: "not-allowed" }],
    [["clients", "getClient", [EMERALD]], { err: "not-allowed" }],
    [["services", "listServices", [{}]], { err: "not-allowed" }],
    [["services", "getService", [WORKSTATION]], { err: "not-allowed" }],
    [
      ["invoicing", "createManualInvoice", [{ clientId: EMERALD, items: [] }]],
      { ok: expect.objectContaining({ success: false, error: "denied" }) },
    ],
    [["ui-proxy", "callRoute", ["/echo", null]], { err: "denied" }],
    [["secrets", "get", ["key"]], { err: "denied" }],
    [["secrets", "listKeys", []], { ok: [] }],
    [["storage", "get", ["n", "k"]], { err: "denied" }],
    [["storage", "delete", ["n", "k"]], { err: "denied" }],
    [["storage", "listEntries", ["n", null]], { err: "denied" }],
  ];

  it("refuses in each interface's own words, and names the capability in the log", async () => {
    grant();
    const refused = await call(
      "/run",
      DENIED.map(([asked]) => asked),
    );
    expect(refused.body).toEqual(DENIED.map(([, answer]) => answer));
    expect(refused.notes[0]).toContain("cap:client.read");
  });

  it("always grants the user, and ends the call where a function cannot say no", async () => {
    grant();
    const [v1, v2] = await run(["user", "getUser", []], ["user-v2", "getUser", []]);
    expect(v1.ok).toMatchObject({ userName: "Dana Developer", tenantId });
    expect(v2.ok).toMatchObject({ userName: "Dana Developer", additionalFields: [] });
    const ended = await call("/run", [["metrics", "record", ["m", "counter", 1, []]]]);
    expect(ended).toMatchObject({ status: 403, body: { error: { code: "capability_denied" } } });
  });

  it.each(["/uncaught", "/rethrow"])("is 403 when the handler fails over the denial (%s)", async (path) => {
    grant();
    const failed = await call(path, [["clients", "listClients", [{}]]]);
    expect(failed).toMatchObject({ status: 403, body: { error: { code: "capability_denied" } } });
  });

  it("is the handler's own failure when it coped with the denial and failed later", async () => {
    grant();
    const failed = await call("/cope", [["clients", "listClients", [{}]]]);
    expect(failed).toMatchObject({ status: 502, body: { error: { code: "bad_handler" } } });
    const granted = await call("/uncaught", [["clients", "getClient", [""]]]);
    expect(granted.status).toBe(403);
    grant("cap:client.read");
    expect((await call("/uncaught", [["clients", "getClient", [""]]])).status).toBe(502);
  });
});
