import { describe, expect, it } from "vitest";
import { openWindowWorkbench } from "./window-workbench.ts";

describe("fixtures in the window", () => {
  it("are read as text, saved when nothing is wrong with them, and reset", async () => {
    const { call, tenantId: tenant_id } = await openWindowWorkbench();
    const { text } = await call("fixtures.get", { tenant_id });
    const changed = { ...JSON.parse(text), tax_rate_percent: 7 };
    const saved = await call("fixtures.set", { tenant_id, text: JSON.stringify(changed) });
    expect(saved).toMatchObject({ outcome: "saved" });
    expect(JSON.parse((await call("fixtures.get", { tenant_id })).text)).toEqual(changed);
    expect(await call("fixtures.reset", { tenant_id })).toEqual({ text });
  });

  it("are refused with the place of every problem", async () => {
    const { call, tenantId: tenant_id } = await openWindowWorkbench();
    const text = '{\n  "services": [],\n  "tax_rate_percent": 101\n}';
    expect(await call("fixtures.set", { tenant_id, text })).toEqual({
      outcome: "refused",
      problems: [
        { path: "$.tax_rate_percent", line: 3, column: 23, message: "Expected at most 100, found 101." },
      ],
    });
    expect(await call("fixtures.set", { tenant_id, text: "{" })).toMatchObject({
      outcome: "refused",
      problems: [expect.objectContaining({ line: 1 })],
    });
  });

  it("say which route answers a call, and with what", async () => {
    const { call, workbench, tenantId: tenant_id } = await openWindowWorkbench();
    const trial = (route: string, method: "GET" | "POST" = "GET") =>
      call("fixtures.try_route", { tenant_id, method, route });
    workbench.tenants.fixtures.set(tenant_id, {
      routes: [
        { method: "GET", path: "/api/clients/:id", body: { id: 1 } },
        { method: "GET", path: "/api/gone", status: 410 },
      ],
    });
    expect(await trial("/api/clients/7?full=1")).toEqual({
      outcome: "answered",
      index: 0,
      path: "/api/clients/:id",
      status: 200,
      body: '{"id":1}',
    });
    expect(await trial("/api/gone")).toMatchObject({ index: 1, status: 410, error: "bad-request" });
    expect(await trial("/api/clients/7", "POST")).toMatchObject({
      outcome: "refused",
      error: "route-not-found",
    });
    expect(await trial("/own")).toMatchObject({ outcome: "refused", error: "route-not-found" });
    expect(await trial("/api/../x")).toMatchObject({ outcome: "refused", error: "bad-request" });
  });

  it("know no tenant that is not there", async () => {
    const { refusal } = await openWindowWorkbench();
    expect((await refusal("invoices.list", { tenant_id: "none" })).code).toBe("tenant_not_found");
    expect((await refusal("fixtures.set", { tenant_id: "none", text: "{}" })).code).toBe("tenant_not_found");
  });
});
