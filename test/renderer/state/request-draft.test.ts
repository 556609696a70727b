import { describe, expect, it } from "vitest";
import { draftFor, EMPTY_DRAFT, prepare, type RequestDraft } from "../../../renderer/state/request-draft.ts";

const row = (name: string, value: string, enabled = true) => ({ name, value, enabled });
const draft = (change: Partial<RequestDraft>): RequestDraft => ({ ...EMPTY_DRAFT, ...change });

describe("a request draft", () => {
  it("becomes a request with its headers in order and its body", () => {
    const prepared = prepare(
      draft({
        method: "POST",
        path: "/items?limit=5",
        headers: [
          row("accept", "text/plain"),
          row("", ""),
          row(" x-ext-a", " b: c "),
          row("off", "not sent", false),
          row("accept", "*/*"),
        ],
        body: '{"a":1}',
      }),
    );
    expect(prepared).toEqual({
      ok: true,
      request: {
        method: "POST",
        path: "/items?limit=5",
        headers: [
          { name: "accept", value: "text/plain" },
          { name: "x-ext-a", value: "b: c" },
          { name: "accept", value: "*/*" },
        ],
        body: '{"a":1}',
      },
    });
  });

  it("leaves the body out of a GET without forgetting what was typed", () => {
    const prepared = prepare(draft({ method: "GET", body: "typed for the POST before" }));
    expect(prepared.ok && prepared.request).not.toHaveProperty("body");
  });

  it("names every problem at once, each at its field", () => {
    expect(prepare(draft({ path: "items", headers: [row("accept", "a"), row("", "no name")] }))).toEqual({
      ok: false,
      problems: { path: "A path starts with a slash.", headers: "Row 2 has no name that a header can have." },
    });
  });

  it.each([
    ["name with space", "x"],
    ["naïve", "x"],
    ["x-a", "one\r\nx-b: two"],
  ])("refuses the header %j: %j", (name, value) => {
    expect(prepare(draft({ headers: [row(name, value)] }))).toMatchObject({
      ok: false,
      problems: { headers: expect.any(String) },
    });
  });

  it("asks for a value in the place of a path parameter, but lets colons stand in the query", () => {
    expect(prepare(draft({ path: "/items/:id/notes" }))).toMatchObject({
      problems: { path: "Put a value in the place of :id." },
    });
    expect(prepare(draft({ path: "/items?at=/:now" })).ok).toBe(true);
  });

  it("takes over an endpoint and keeps headers and body", () => {
    const typed = draft({ headers: [row("a", "b")], body: "text" });
    expect(draftFor({ method: "PUT", path: "/items/:id" }, typed)).toEqual({
      ...typed,
      method: "PUT",
      path: "/items/:id",
    });
  });

  it("fills path parameters in as one segment each, whatever is in them", () => {
    const prepared = prepare(draft({ path: "/items/:id/:id?x=:y", params: { id: "a/b ?" } }));
    expect(prepared).toMatchObject({ ok: true, request: { path: "/items/a%2Fb%20%3F/a%2Fb%20%3F?x=:y" } });
  });

  it("fills variables in wherever they stand, and names the one that has no value", () => {
    const typed = draft({
      method: "POST",
      path: "/{{kind}}/:id?q={{ q }}",
      params: { id: "{{id}}" },
      headers: [row("x-{{kind}}", "{{id}}")],
      body: '{"q":"{{q}}"}',
    });
    expect(prepare(typed, { kind: "items", id: "7", q: "{{kind}}" })).toEqual({
      ok: true,
      request: {
        method: "POST",
        path: "/items/7?q={{kind}}",
        headers: [{ name: "x-items", value: "7" }],
        body: '{"q":"{{kind}}"}',
      },
    });
    expect(prepare(typed, { kind: "items", id: "7" })).toMatchObject({
      problems: {
        path: "There is no value for {{q}}. Give it one under Variables.",
        body: "There is no value for {{q}}. Give it one under Variables.",
      },
    });
  });
});
