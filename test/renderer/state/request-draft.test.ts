import { describe, expect, it } from "vitest";
import { draftFor, EMPTY_DRAFT, prepare, type RequestDraft } from "../../../renderer/state/request-draft.ts";

const draft = (change: Partial<RequestDraft>): RequestDraft => ({ ...EMPTY_DRAFT, ...change });

describe("a request draft", () => {
  it("becomes a request with its headers in order and its body", () => {
    const prepared = prepare(
      draft({
        method: "POST",
        path: "/items?limit=5",
        headers: "accept: text/plain\n\n x-ext-a:  b: c \naccept: */*",
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
    expect(prepare(draft({ path: "items", headers: "accept: a\nno colon here" }))).toEqual({
      ok: false,
      problems: { path: "A path starts with a slash.", headers: 'Line 2 is not "name: value".' },
    });
  });

  it.each(["name with space: x", ": no name", "naïve: x"])("refuses the header line %j", (headers) => {
    expect(prepare(draft({ headers }))).toMatchObject({
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
    const next = draftFor({ method: "PUT", path: "/items/:id" }, draft({ headers: "a: b", body: "text" }));
    expect(next).toEqual({ method: "PUT", path: "/items/:id", headers: "a: b", body: "text" });
  });
});
