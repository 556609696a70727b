import { describe, expect, test } from "vitest";
import { createHostFixture, TOKEN } from "./fixture.ts";

describe("the page", () => {
  test("is served under a policy that lets it run its own scripts and frame the runner's origins only", async () => {
    const { host } = createHostFixture();
    const response = await host.app.request("http://localhost/");
    expect([response.status, response.headers.get("content-type")]).toEqual([
      200,
      "text/html; charset=utf-8",
    ]);
    const policy = response.headers.get("content-security-policy") ?? "";
    const nonce = policy.match(/'nonce-([\w-]{20,})'/)?.[1];
    expect(policy.replace(`nonce-${nonce}`, "nonce-N")).toBe(
      "default-src 'none'; script-src 'self'; style-src-elem 'self' 'nonce-N'; style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src ws://localhost; " +
        "frame-src http://*.localhost:4040; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("referrer-policy")).toBe("no-referrer");
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  test("keeps files that are named by their content for good", async () => {
    const { host } = createHostFixture();
    const response = await host.app.request("http://localhost/assets/main-1a2b.js");
    expect(response.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    expect(response.headers.get("cache-control")).toContain("immutable");
  });

  test.each([
    ["GET", "/nothing.js"],
    ["POST", "/nothing.js"],
    ["PUT", "/metrics"],
    ["DELETE", "/"],
  ])("refuses %s %s in the form of every refusal", async (method, path) => {
    const { host } = createHostFixture();
    const response = await host.app.request(`http://localhost${path}`, { method });
    const requestId = response.headers.get("x-request-id");
    expect(requestId).toMatch(/^[\w-]+$/);
    expect([response.status, await response.json()]).toEqual([
      404,
      { error: { code: "not_found", message: "There is nothing here." }, request_id: requestId },
    ]);
  });

  test.each([
    "/nothing.js",
    "/assets",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/assets/..%2f..%2fsecret.txt",
    "/%00",
    "/%ff",
  ])("answers 404 for %s", async (path) => {
    const { host } = createHostFixture();
    const response = await host.app.request(`http://localhost${path}`);
    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain("outside");
  });

  test("moves the right token from the address into the fragment, and does nothing with a wrong one", async () => {
    const { host } = createHostFixture();
    const right = await host.app.request(`http://localhost/?token=${TOKEN}`);
    expect([right.status, right.headers.get("location")]).toEqual([303, `/#token=${TOKEN}`]);
    expect(right.headers.get("set-cookie")).toBeNull();
    const wrong = await host.app.request("http://localhost/?token=guess");
    expect([wrong.status, wrong.headers.get("location")]).toEqual([200, null]);
  });

  test.each(["evil.example", "localhost.evil.example", "127.0.0.1:9999", "hello.localhost", ""])(
    "is not served to a request for the host %j",
    async (host) => {
      const fixture = createHostFixture();
      const response = await fixture.ask("/", { headers: { host } });
      expect(response.status).toBe(421);
      expect(await response.json()).toMatchObject({ error: { code: "misdirected_request" } });
    },
  );

  test("and every API are refused to another host name, credentials or not", async () => {
    const { ask } = createHostFixture();
    for (const path of ["/rpc/state", "/api/ext/install-1/", "/api/ext-debug/stream?extensionId=install-1"]) {
      expect((await ask(path, { headers: { host: "rebound.example" } })).status).toBe(421);
    }
  });
});
