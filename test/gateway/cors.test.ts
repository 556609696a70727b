import { describe, expect, test } from "vitest";
import { createFixture } from "./fixture.ts";

const OWN = "http://e-one.localhost:4040";
const fixture = () =>
  createFixture({ ports: { previewOrigin: (ref) => (ref === "install-1" ? OWN : undefined) } });

const preflight = (origin: string, path = "/api/ext/install-1/a") =>
  fixture().gateway.app.request(`http://localhost${path}`, {
    method: "OPTIONS",
    headers: { origin, "access-control-request-method": "POST" },
  });
const allowed = (response: Response) => response.headers.get("access-control-allow-origin");

describe("pages of other origins", () => {
  test.each(["/api/ext/install-1/a", "/api/ext-proxy/install-1/a"])(
    "the extension's own page may ask whether it may call %s",
    async (path) => {
      const response = await preflight(OWN, path);
      expect([response.status, allowed(response)]).toEqual([204, OWN]);
      expect(response.headers.get("access-control-allow-methods")).toBe(
        "GET, POST, PUT, PATCH, DELETE, HEAD",
      );
      expect(response.headers.get("access-control-allow-headers")).toBe(
        "authorization, content-type, x-api-key, x-idempotency-key, x-request-id",
      );
      expect(response.headers.get("access-control-allow-credentials")).toBeNull();
      expect(response.headers.get("x-request-id")).toMatch(/^[\w-]+$/);
    },
  );

  test("it may read answers and refusals, with the headers that tell about them", async () => {
    const { call } = fixture();
    for (const headers of [{ origin: OWN }, { origin: OWN, authorization: "Bearer nobody" }]) {
      const response = await call("GET", "/api/ext/install-1/a", { headers });
      expect(allowed(response)).toBe(OWN);
      expect(response.headers.get("access-control-expose-headers")).toBe(
        "idempotent-replayed, retry-after, x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, x-request-id",
      );
      expect(response.headers.get("vary")).toBe("origin");
    }
  });

  test.each([
    ["a frame without an origin, as every sandboxed page is", "null"],
    ["a page of the internet", "https://example.com"],
    ["another extension's page", "http://e-two.localhost:4040"],
    ["the same name on another port", "http://e-one.localhost:4041"],
    ["the same name over TLS", "https://e-one.localhost:4040"],
    ["a name that ends like it", "http://x.e-one.localhost:4040"],
    ["the host itself, which needs none", "http://localhost"],
  ])("%s hears nothing", async (_, origin) => {
    const refused = await preflight(origin);
    expect([refused.status, allowed(refused)]).toEqual([401, null]);
    const response = await fixture().call("GET", "/api/ext/install-1/a", { headers: { origin } });
    expect([response.status, allowed(response)]).toEqual([200, null]);
    expect(response.headers.get("access-control-expose-headers")).toBeNull();
  });

  test("its own page may not call another extension", async () => {
    expect(allowed(await preflight(OWN, "/api/ext/other/a"))).toBeNull();
  });

  test("OPTIONS that is no preflight is a method that the gateway does not carry", async () => {
    const response = await fixture().call("OPTIONS", "/api/ext/install-1/a", { headers: { origin: OWN } });
    expect([response.status, allowed(response)]).toEqual([405, OWN]);
  });
});
