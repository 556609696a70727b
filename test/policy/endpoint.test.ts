import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Endpoint } from "../../core/contract/endpoint.ts";
import { endpointMatches, matchEndpoint, requestPath } from "../../core/policy/index.ts";
import { install, manifest } from "./facts.ts";

function endpoints(...lines: string[]): Endpoint[] {
  return (
    manifest({
      endpoints: lines.map((line) => {
        const [method = "", path = ""] = line.split(" ");
        return { method, path };
      }),
    }).api?.endpoints ?? []
  );
}

function match(list: Endpoint[], method: string, path: string) {
  const target = requestPath(path);
  return target.ok ? matchEndpoint(list, method, target.segments) : undefined;
}

describe("an endpoint matches", () => {
  test.each([
    ["GET /items", "GET", "/items", {}],
    ["GET /items", "GET", "/items/", {}],
    ["GET /items/", "GET", "/items", {}],
    ["GET /items", "GET", "/%69tems", {}],
    ["GET /", "GET", "/", {}],
    ["GET /items/:id", "GET", "/items/7", { id: "7" }],
    ["GET /items/:id", "GET", "/items/a%20b", { id: "a b" }],
    ["GET /:a/x/:b", "GET", "/1/x/2", { a: "1", b: "2" }],
    ["GET /caf%C3%A9", "GET", "/café", {}],
  ])("%s answers %s %s", (line, method, path, params) => {
    expect({ ...match(endpoints(line), method, path)?.params }).toEqual(params);
    expect(match(endpoints(line), method, path)?.index).toBe(0);
  });

  test.each([
    ["GET /items", "POST", "/items"],
    ["GET /items", "GET", "/Items"],
    ["GET /items", "GET", "/items/7"],
    ["GET /items/:id", "GET", "/items"],
    ["GET /items/:id", "GET", "/items/"],
    ["GET /items/:id", "GET", "/items/7/x"],
    ["GET /items/:id", "GET", "/items/7%2F8"],
    ["GET /a.b", "GET", "/aXb"],
    ["GET /", "GET", "/x"],
  ])("%s does not answer %s %s", (line, method, path) => {
    expect(match(endpoints(line), method, path)).toBeUndefined();
  });

  test("a static segment wins over a parameter wherever it is listed", () => {
    expect(match(endpoints("GET /items/:id", "GET /items/new"), "GET", "/items/new")?.index).toBe(1);
    expect(match(endpoints("GET /:a/b", "GET /a/:b"), "GET", "/a/b")?.index).toBe(1);
    expect(match(endpoints("GET /:x", "GET /:y"), "GET", "/1")?.index).toBe(0);
  });

  test("a parameter called __proto__ is a plain parameter", () => {
    const params = match(endpoints("GET /:__proto__"), "GET", "/x")?.params;
    expect(Object.entries(params ?? {})).toEqual([["__proto__", "x"]]);
    expect(Object.getPrototypeOf(params)).toBeNull();
  });
});

describe("the endpoint decision", () => {
  const strict = install({
    manifest: manifest({
      endpoints: [
        { method: "GET", path: "/a" },
        { method: "POST", path: "/b" },
      ],
    }),
  });

  test("is strict when the manifest lists endpoints and names the one that answers", () => {
    const verdict = endpointMatches({ install: strict, method: "POST", target: requestPath("/b") });
    expect(verdict).toMatchObject({ outcome: "allow", source: "manifest:api.endpoints[1]" });
    expect(endpointMatches({ install: strict, method: "GET", target: requestPath("/b") })).toMatchObject({
      outcome: "deny",
      code: "endpoint_not_found",
      source: "manifest:api.endpoints",
    });
  });

  test("is none when the bundle holds only a UI, whatever the manifest lists", () => {
    const target = requestPath("/anything");
    for (const listed of [[], [{ method: "GET", path: "/anything" }]]) {
      const uiOnly = { ...install(), manifest: manifest({ endpoints: listed }), has_handler: false };
      expect(endpointMatches({ install: uiOnly, method: "GET", target })).toMatchObject({
        outcome: "deny",
        code: "endpoint_not_found",
      });
    }
  });

  test("is open when the manifest lists none", () => {
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
      expect(
        endpointMatches({ install: install(), method, target: requestPath("/anything/at/all") }).outcome,
      ).toBe("allow");
    }
  });

  test("refuses a malformed path even when every path is open", () => {
    expect(
      endpointMatches({ install: install(), method: "GET", target: requestPath("/a/../b") }),
    ).toMatchObject({
      code: "malformed_request",
    });
  });

  test.each(["HEAD", "OPTIONS", "TRACE", "get", "", "__proto__"])("refuses the method %j", (method) => {
    expect(endpointMatches({ install: install(), method, target: requestPath("/") })).toMatchObject({
      code: "method_not_allowed",
    });
  });
});

describe("for every set of endpoints and every path", () => {
  const part = fc.constantFrom("a", "b", "new", "c", ":x", ":y");
  const pattern = fc.array(part, { minLength: 0, maxLength: 4 });
  const path = fc.array(fc.constantFrom("a", "b", "new", "c", "z", ":x"), { maxLength: 4 });

  test("the match is a listed endpoint that fits segment by segment, and none is more specific", () => {
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 6 }), path, (patterns, segments) => {
        const list = patterns.map((parts): Endpoint => {
          return { method: "GET", path: `/${parts.join("/")}`, handler: "handler" };
        });
        const fits = (parts: string[]) =>
          parts.length === segments.length &&
          parts.every((text, i) => text.startsWith(":") || text === segments[i]);
        const kinds = (parts: string[]) => parts.map((text) => (text.startsWith(":") ? "1" : "0")).join("");
        const best = patterns.filter(fits).map(kinds).sort()[0];
        const found = matchEndpoint(list, "GET", segments);
        const chosen = found === undefined ? undefined : patterns[found.index];
        expect(chosen === undefined ? undefined : kinds(chosen)).toBe(best);
        if (chosen !== undefined) expect(fits(chosen)).toBe(true);
        expect(matchEndpoint(list, "POST", segments)).toBeUndefined();
      }),
      { numRuns: 3_000 },
    );
  });
});
