import { describe, expect, test } from "vitest";
import type { InstalledExtension } from "../../core/contract/install.ts";
import { randomIds } from "../../core/platform/ids.ts";
import { createPreviews, type OpenPreview, type PreviewPorts, SESSION_MS } from "../../core/preview/index.ts";
import { install, TENANT, user } from "../policy/facts.ts";

const UI = {
  type: "iframe" as const,
  entry: "ui/pages/my page.html",
  hooks: { appMenu: { label: "Hello" } },
};

function installed(overrides: Partial<InstalledExtension> = {}): InstalledExtension {
  const base = install();
  return { ...base, manifest: { ...base.manifest, ui: UI }, ...overrides };
}

function createRun(
  found: InstalledExtension | undefined = installed(),
  overrides: Partial<PreviewPorts> = {},
) {
  let now = new Date("2026-03-01T12:00:00Z");
  const calls: Parameters<PreviewPorts["call"]>[0][] = [];
  const previews = createPreviews({
    caller: ({ personaId = "p1" }) => (personaId === "p1" ? { tenant: TENANT, user: user() } : undefined),
    resolveInstall: () => found,
    uiOrigin: () => "http://label.localhost:4040",
    call: async (request) => {
      calls.push(request);
      return { status: 200, headers: [], body: new Uint8Array([1]), request_id: "q1", execution_id: "e1" };
    },
    clock: { now: () => now },
    ids: randomIds,
    ...overrides,
  });
  const open = (part: Partial<OpenPreview> = {}) =>
    previews.open({ install: "x", hook: "appMenu", parentOrigin: "http://127.0.0.1:1", ...part });
  return {
    previews,
    calls,
    open,
    pass: (ms: number) => {
      now = new Date(now.getTime() + ms);
    },
  };
}

describe("a preview", () => {
  test("has an address with the hash, the entry and the parent, every part encoded", () => {
    const { open } = createRun();
    const { url, session, warnings } = open();
    const { origin, pathname, searchParams } = new URL(url);
    const { registry_id, content_hash } = installed();
    expect(origin).toBe("http://label.localhost:4040");
    expect(pathname).toBe(`/ext-ui/${registry_id}/${encodeURIComponent(content_hash)}/pages/my%20page.html`);
    expect(searchParams.get("parentOrigin")).toBe("http://127.0.0.1:1");
    expect(url).not.toContain(session.token);
    expect(warnings).toEqual([]);
  });

  test.each([
    [installed({ enabled: false }), "preview_disabled"],
    [install(), "preview_without_ui"],
  ])("is refused with its reason (%#)", (found, code) => {
    expect(() => createRun(found).open()).toThrow(expect.objectContaining({ code }));
  });

  test("is refused without an install, a runner or a persona", () => {
    const none = createRun(undefined, { resolveInstall: () => undefined });
    expect(() => none.open()).toThrow(expect.objectContaining({ code: "preview_not_installed" }));
    const off = createRun(undefined, { uiOrigin: () => undefined, resolveInstall: () => installed() });
    expect(() => off.open()).toThrow(expect.objectContaining({ code: "preview_runner_unavailable" }));
    expect(() => createRun().open({ persona: { persona_id: "p9" } })).toThrow(
      expect.objectContaining({ code: "preview_persona_not_found" }),
    );
  });

  test("calls as its persona, and a made-up one stays in the tenant", async () => {
    const { previews, open, calls } = createRun();
    const body = new TextEncoder().encode("{}");
    const custom = { user_type: "client" as const, user_name: "C", user_email: "c@x.example" };
    const { session } = open({ persona: { custom }, hook: "clientPortalMenu" });
    const answer = await previews.proxy({ token: session.token, route: "/items?x=1", method: "POST", body });
    expect(answer).toMatchObject({ status: 200, execution_id: "e1" });
    expect(calls[0]).toMatchObject({
      extension: installed().install_id,
      target: "/items?x=1",
      caller: { tenant: TENANT, user: { tenant_id: TENANT.id, user_type: "client", user_name: "C" } },
    });
  });

  test("says when the platform would not offer the UI there, or not to this user", () => {
    const codes = createRun()
      .open({ hook: "clientPortalMenu" })
      .warnings.map(({ code }) => code);
    expect(codes).toEqual(["hook_not_declared", "persona_outside_hook"]);
  });

  test("ends with its session, unless that is renewed", async () => {
    const { previews, open, pass } = createRun();
    const { token } = open().session;
    pass(SESSION_MS - 1);
    previews.renew(token);
    pass(SESSION_MS - 1);
    await previews.proxy({ token, route: "/", method: "GET" });
    pass(2);
    await expect(previews.proxy({ token, route: "/", method: "GET" })).rejects.toMatchObject({
      code: "preview_not_found",
    });
    const other = open().session.token;
    previews.close(other);
    expect(() => previews.renew(other)).toThrow(expect.objectContaining({ code: "preview_not_found" }));
  });

  test("is told of violations of its own frame, resumes after the last, and ignores what is no report", async () => {
    const { previews, open } = createRun();
    const one = open();
    const two = open();
    const keyOf = (url: string): string => new URL(url).searchParams.get("report") ?? "";
    const report = (blocked: unknown) => ({
      "csp-report": { "effective-directive": "img-src", "blocked-uri": blocked, "line-number": 3 },
    });
    previews.report("unknown-key", report("http://a.example"));
    previews.report(keyOf(two.url), report("http://other.example"));
    previews.report(keyOf(one.url), "nonsense");
    previews.report(keyOf(one.url), report("x".repeat(10_000)));
    previews.report(keyOf(one.url), report({ toString: 1 }));
    const stop = new AbortController();
    const seen = previews.violations(one.session.token, undefined, stop.signal)[Symbol.asyncIterator]();
    const page = (await seen.next()).value;
    expect(page).toMatchObject([
      { directive: "img-src", line: 3, blocked: "x".repeat(500) },
      { blocked: "unknown" },
    ]);
    const resumed = previews
      .violations(one.session.token, page?.[0]?.id, stop.signal)
      [Symbol.asyncIterator]();
    expect((await resumed.next()).value).toHaveLength(1);
    const next = resumed.next();
    stop.abort();
    expect((await next).done).toBe(true);
  });
});
