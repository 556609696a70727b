import { describe, expect, test } from "vitest";
import { RPC_PROCEDURES } from "../../core/contract/rpc.ts";
import { randomIds } from "../../core/platform/ids.ts";
import { createPreviews } from "../../core/preview/index.ts";
import { contentSecurityPolicy } from "../../core/runner/ui/asset-headers.ts";
import { createHostFixture } from "../host/fixture.ts";
import { install, TENANT, user } from "../policy/facts.ts";

/** A host with one extension that has a UI, behind a gateway that answers for it. */
function createRun() {
  const base = install();
  const ui = { type: "iframe" as const, entry: "ui/index.html" };
  const previews = createPreviews({
    caller: () => ({ tenant: TENANT, user: user() }),
    resolveInstall: () => ({ ...base, manifest: { ...base.manifest, ui } }),
    uiOrigin: () => "http://label.localhost:4040",
    call: async ({ method, target }) => ({
      status: 200,
      headers: [{ name: "Content-Type", value: "text/plain" }],
      body: Buffer.from(`${method} ${target}`),
      request_id: "q1",
      execution_id: "e1",
    }),
    clock: { now: () => new Date() },
    ids: randomIds,
  });
  const fixture = createHostFixture({ previews });
  const open = async () => {
    const response = await fixture.rpc("preview.open", {
      install: "install-1",
      parent_origin: "http://127.0.0.1:1",
    });
    return RPC_PROCEDURES["preview.open"].output.parse(await response.json());
  };
  return { ...fixture, previews, open };
}

describe("the host's previews", () => {
  test("answers a call of the frame with its execution", async () => {
    const { rpc, open } = createRun();
    const { session } = await open();
    const response = await rpc("preview.proxy", { token: session.token, route: "/items?x=1", method: "GET" });
    const answer = RPC_PROCEDURES["preview.proxy"].output.parse(await response.json());
    expect(answer).toMatchObject({ status: 200, content_type: "text/plain", execution_id: "e1" });
    expect(Buffer.from(answer.body_b64, "base64").toString()).toBe("GET /items?x=1");
  });

  test.each([
    [{ route: "items" }],
    [{ route: "/../../rpc/state" }],
    [{ route: "//evil.example/" }],
    [{ route: "/items", method: "TRACE" }],
    [{ route: "/items", body_b64: "no base64!" }],
  ])("refuses the call %j", async (call) => {
    const { rpc, open } = createRun();
    const { session } = await open();
    expect((await rpc("preview.proxy", { token: session.token, ...call })).status).toBe(400);
  });

  test("knows no session but those that it opened", async () => {
    const { rpc } = createRun();
    const response = await rpc("preview.proxy", { token: "x".repeat(43), route: "/items" });
    expect(await response.json()).toMatchObject({ error: { code: "preview_not_found" } });
  });

  test("takes a browser's report without a token, whatever is in it, and tells nothing", async () => {
    const { ask, open, previews } = createRun();
    const { url, session } = await open();
    const key = new URL(url).searchParams.get("report");
    const send = (path: string, body: string) =>
      ask(`/preview-reports/${path}`, { method: "POST", body, headers: { authorization: "" } });
    for (const body of ["", "{", "[]", "x".repeat(100_000)])
      expect((await send(String(key), body)).status).toBe(204);
    expect((await send("unknown", "{}")).status).toBe(204);
    const report = { "csp-report": { "effective-directive": "img-src", "blocked-uri": "http://a.example/" } };
    expect(await (await send(String(key), JSON.stringify(report))).text()).toBe("");
    const seen = previews.violations(session.token, undefined, AbortSignal.timeout(30_000));
    expect((await seen[Symbol.asyncIterator]().next()).value).toMatchObject([
      { blocked: "http://a.example/" },
    ]);
  });

  test("is where the policy of a previewed page reports to, and of no other page", () => {
    expect(contentSecurityPolicy(["http://127.0.0.1:1"], false)).not.toContain("report-uri");
    expect(contentSecurityPolicy([], false, "key")).not.toContain("report-uri");
    expect(contentSecurityPolicy(["http://127.0.0.1:1"], false, "key")).toContain(
      "report-uri http://127.0.0.1:1/preview-reports/key",
    );
  });
});
