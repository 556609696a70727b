import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Header } from "../../core/contract/execute.ts";
import {
  FORWARDED_HEADERS,
  forwardHeaders,
  headerBytes,
  keptHeaders,
  requestHeaders,
  safeCacheControl,
} from "../../core/policy/index.ts";

const injected = { requestId: "req-1", tenantId: "tenant-1", extensionId: "registry-1" };

function headers(...lines: [string, string][]): Header[] {
  return lines.map(([name, value]) => ({ name, value }));
}

describe("request headers", () => {
  test("only the listed ones are forwarded, in lowercase and in order, and ours are added", () => {
    const forwarded = forwardHeaders(
      headers(
        ["Accept", "text/plain"],
        ["Authorization", "Bearer secret"],
        ["Cookie", "session=1"],
        ["X-API-Key", "secret"],
        ["Content-Type", "application/json"],
        ["X-Idempotency-Key", "k1"],
        ["X-Forwarded-For", "10.0.0.1"],
        ["accept", "text/html"],
      ),
      injected,
    );
    expect(forwarded).toEqual(
      headers(
        ["accept", "text/plain"],
        ["content-type", "application/json"],
        ["x-idempotency-key", "k1"],
        ["accept", "text/html"],
        ["x-request-id", "req-1"],
        ["x-alga-tenant", "tenant-1"],
        ["x-alga-extension", "registry-1"],
      ),
    );
  });

  test("a caller cannot speak for the gateway", () => {
    const forwarded = forwardHeaders(
      headers(["x-alga-tenant", "other"], ["X-Alga-Extension", "other"], ["x-request-id", "forged"]),
      injected,
    );
    expect(forwarded.map(({ value }) => value)).toEqual(["req-1", "tenant-1", "registry-1"]);
  });

  test.each([
    ["a line break in a value", headers(["accept", "a\r\nset-cookie: x"])],
    ["a NUL in a value", headers(["accept", "a\0b"])],
    ["a value beyond Latin-1", headers(["accept", "日本"])],
    ["a space in a name", headers(["x y", "1"])],
    ["an empty name", headers(["", "1"])],
    ["two content types", headers(["content-type", "a/b"], ["Content-Type", "c/d"])],
    ["two idempotency keys", headers(["x-idempotency-key", "1"], ["x-idempotency-key", "2"])],
    ["two request ids", headers(["x-request-id", "1"], ["x-request-id", "2"])],
    ["a coding of the transfer that is not undone", headers(["transfer-encoding", "gzip, chunked"])],
    ["two lengths", headers(["content-length", "1"], ["content-length", "2"])],
    ["an empty idempotency key", headers(["x-idempotency-key", ""])],
    ["an idempotency key with a space", headers(["x-idempotency-key", "a b"])],
    ["an idempotency key of 256 characters", headers(["x-idempotency-key", "k".repeat(256)])],
  ])("%s is malformed", (_, given) => {
    expect(requestHeaders({ headers: given })).toMatchObject({ outcome: "deny", code: "malformed_request" });
  });

  test("the same value twice is not a conflict, and a longest idempotency key passes", () => {
    const given = headers(
      ["x-request-id", "1"],
      ["X-Request-Id", "1"],
      ["x-idempotency-key", "k".repeat(255)],
    );
    expect(requestHeaders({ headers: given }).outcome).toBe("allow");
  });

  test("their size counts names, values and framing in bytes", () => {
    expect(headerBytes(headers(["ab", "cd"], ["x", "é"]))).toBe(8 + 7);
  });
});

describe("response headers", () => {
  test("content-type, a safe cache-control and x-ext-* are kept, nothing else", () => {
    const kept = keptHeaders(
      headers(
        ["Content-Type", "application/json"],
        ["content-type", "text/html"],
        ["Cache-Control", "Private, Max-Age=60"],
        ["X-Ext-Total", "3"],
        ["x-ext-total", "4"],
        ["x-ext-", "empty"],
        ["Set-Cookie", "a=b"],
        ["Connection", "close"],
        ["Transfer-Encoding", "chunked"],
        ["Access-Control-Allow-Origin", "*"],
        ["Location", "https://evil.example"],
        ["x-request-id", "forged"],
      ),
    );
    expect(kept).toEqual(
      headers(
        ["content-type", "application/json"],
        ["cache-control", "private, max-age=60"],
        ["x-ext-total", "3"],
        ["x-ext-total", "4"],
      ),
    );
  });

  test.each(["no-store", "no-cache", "private, max-age=0", "max-age=31536000, immutable", "must-revalidate"])(
    "cache-control %s is safe",
    (value) => expect(safeCacheControl(value)).toBe(value),
  );

  test.each([
    "public",
    "public, max-age=60",
    "s-maxage=60",
    "max-age=31536001",
    "max-age=-1",
    "max-age",
    "max-age=1=2",
    "x",
    "",
    ",",
  ])("cache-control %j is dropped", (value) => expect(safeCacheControl(value)).toBeUndefined());
});

describe("for every list of headers", () => {
  const name = fc.oneof(
    fc.constantFrom(
      "authorization",
      "cookie",
      "Set-Cookie",
      "x-api-key",
      "X-EXT-a",
      "Content-Type",
      "cache-control",
      "connection",
    ),
    fc.constantFrom(...FORWARDED_HEADERS),
    fc.string({ maxLength: 12 }),
  );
  const list = fc.array(fc.record({ name, value: fc.string({ unit: "binary", maxLength: 20 }) }), {
    maxLength: 12,
  });
  const ours = ["x-request-id", "x-alga-tenant", "x-alga-extension"];

  test("a handler sees listed headers and ours only, and ours exactly once", () => {
    fc.assert(
      fc.property(list, (given) => {
        const seen = forwardHeaders(given, injected).map((header) => header.name);
        const allowed: string[] = [...FORWARDED_HEADERS, ...ours];
        expect(seen.every((each) => allowed.includes(each))).toBe(true);
        for (const each of ours) expect(seen.filter((other) => other === each)).toHaveLength(1);
      }),
      { numRuns: 3_000 },
    );
  });

  test("an allowed list can be carried by a real HTTP stack", () => {
    fc.assert(
      fc.property(list, (given) => {
        if (requestHeaders({ headers: given }).outcome === "deny") return;
        expect(() => new Headers(given.map((header) => [header.name, header.value]))).not.toThrow();
      }),
      { numRuns: 3_000 },
    );
  });

  test("a caller gets content-type, cache-control and x-ext-* only", () => {
    fc.assert(
      fc.property(list, (given) => {
        for (const header of keptHeaders(given)) {
          expect(header.name).toMatch(/^(content-type|cache-control|x-ext-.+)$/s);
          if (header.name === "cache-control") expect(header.value).not.toMatch(/public|s-maxage/);
        }
      }),
      { numRuns: 3_000 },
    );
  });
});
