import { expect, test } from "vitest";
import type { Header } from "../../core/contract/execute.ts";
import {
  endpointMatches,
  FORWARDED_HEADERS,
  forwardHeaders,
  requestHeaders,
  requestPath,
} from "../../core/policy/index.ts";
import { seededRandom } from "../support/seeded-random.ts";
import { install, manifest } from "./facts.ts";

// Requests are put together from parts of which it is known what each means, so that what must be decided follows from
// how a request was made and not from a second implementation of the rules.

const REQUESTS = 100_000;
const random = seededRandom(5);
const oneOf = <T>(choices: readonly T[]): T => {
  const chosen = choices[Math.floor(random() * choices.length)];
  if (chosen === undefined) throw new Error("Nothing to choose from.");
  return chosen;
};
const isSometimes = (share: number) => random() < share;

/** Spelled, and what it means to everybody. */
const SEGMENTS: readonly (readonly [string, string])[] = [
  ["a", "a"],
  ["%61", "a"],
  ["b", "b"],
  ["new", "new"],
  ["n%65w", "new"],
  ["A", "A"],
  [":one", ":one"],
  ["...", "..."],
  ["é", "é"],
  ["%c3%A9", "é"],
  ["a%20b", "a b"],
  ["%252e", "%2e"],
  ["__proto__", "__proto__"],
];
/** What two readers of one path could take for two paths, or what is no text. */
const HOSTILE_SEGMENTS = [
  ".",
  "..",
  "%2e%2E",
  ".%2e",
  "a%2fb",
  "a%5Cb",
  "a\\b",
  "%00",
  "a\u0007",
  "%zz",
  "%c3",
  "%ff",
];
const QUERIES = ["", "", "?", "?a=1&a=2", "?%ff", "?../..", "?a=%2f//b"];
const HOSTILE_QUERIES = ["?a=%", "?%zz", "#a", "?a#b", "?\u0000"];

const ENDPOINTS = [
  "GET /",
  "GET /:one",
  "GET /a",
  "POST /a",
  "GET /:one/b",
  "GET /a/:two",
  "GET /:first/:second",
  "DELETE /:one/:two",
  "PUT /new/:x/b",
  "PUT /:x/a/b",
].map((text) => {
  const [method = "", path = ""] = text.split(" ");
  return { method, path, parts: path.split("/").filter((part) => part !== "") };
});
const strict = install({ manifest: manifest({ endpoints: ENDPOINTS }) });
const METHODS = ["GET", "GET", "POST", "PUT", "PATCH", "DELETE"];
const OTHER_METHODS = ["get", "HEAD", "OPTIONS", "CONNECT", ""];

/** By its line in the manifest: of those that fit, the one that is fixed where the others are not. */
function expectedEndpoint(method: string, segments: readonly string[]): number | undefined {
  const fitting = ENDPOINTS.flatMap((endpoint, index) => {
    const { parts } = endpoint;
    const fits =
      endpoint.method === method &&
      parts.length === segments.length &&
      parts.every((part, at) => part.startsWith(":") || part === segments[at]);
    return fits ? [{ index, rank: parts.map((part) => (part.startsWith(":") ? "1" : "0")).join("") }] : [];
  });
  return fitting.toSorted((one, other) => (one.rank < other.rank ? -1 : Number(one.rank > other.rank)))[0]
    ?.index;
}

function target() {
  const parts = Array.from({ length: Math.floor(random() * 4) }, () => oneOf(SEGMENTS));
  const spelled = parts.map(([spelling]) => spelling);
  const segments = parts.map(([, meaning]) => meaning);
  const isHostilePath = isSometimes(0.25);
  // An empty one at the end would be a trailing slash.
  if (isHostilePath) spelled.splice(Math.floor(random() * spelled.length), 0, oneOf(HOSTILE_SEGMENTS));
  const isDoubled = spelled.length > 0 && isSometimes(0.1);
  if (isDoubled) spelled.splice(Math.floor(random() * spelled.length), 0, "");
  const isHostileQuery = isSometimes(0.1);
  const trailing = spelled.length > 0 && isSometimes(0.2) ? "/" : "";
  const query = oneOf(isHostileQuery ? HOSTILE_QUERIES : QUERIES);
  const text = `/${spelled.join("/")}${trailing}${query}`;
  return { text, segments, isMalformed: isHostilePath || isDoubled || isHostileQuery };
}

const NAMES = [
  ["accept", ["a/b", "c/d"]],
  ["Accept-Encoding", ["gzip"]],
  ["Authorization", ["Bearer secret", "Basic secret"]],
  ["cookie", ["secret=1"]],
  ["X-API-Key", ["secret"]],
  ["Content-Type", ["text/plain", "text/html"]],
  ["content-type", ["text/plain"]],
  ["User-Agent", ["é\u0080", ""]],
  ["x-request-id", ["1", "2"]],
  ["X-Idempotency-Key", ["k", "l"]],
  ["Content-Length", ["1", "2"]],
  ["Transfer-Encoding", ["chunked", "Chunked"]],
  ["X-Alga-Tenant", ["other"]],
  ["x-alga-extension", ["other"]],
  ["Connection", ["x-request-id"]],
  ["X-Forwarded-Host", ["elsewhere"]],
  ["x-ext-a", ["1"]],
] as const;
const MALFORMED_HEADERS = [
  ["accept", "a\r\nx-alga-tenant: other"],
  ["accept", "a\0"],
  ["accept", "日"],
  ["x y", "1"],
  ["accept:", "1"],
  ["", "1"],
  ["x-idempotency-key", ""],
  ["x-idempotency-key", "a b"],
  ["x-idempotency-key", "k".repeat(256)],
  ["transfer-encoding", "gzip, chunked"],
  ["Transfer-Encoding", "identity"],
] as const;
const ONE_VALUE = ["content-length", "content-type", "x-idempotency-key", "x-request-id"];

function headers() {
  const given = Array.from({ length: Math.floor(random() * 6) }, (): Header => {
    const [name, values] = oneOf<(typeof NAMES)[number]>(NAMES);
    return { name, value: oneOf<string>(values) };
  });
  const isBroken = isSometimes(0.15);
  if (isBroken) {
    const [name, value] = oneOf<(typeof MALFORMED_HEADERS)[number]>(MALFORMED_HEADERS);
    given.splice(Math.floor(random() * (given.length + 1)), 0, { name, value });
  }
  const isConflicting = ONE_VALUE.some((single) => {
    const values = given.filter(({ name }) => name.toLowerCase() === single).map(({ value }) => value);
    return new Set(values).size > 1;
  });
  return { given, isMalformed: isBroken || isConflicting };
}

const OURS = [
  { name: "x-request-id", value: "ours" },
  { name: "x-alga-tenant", value: "tenant-1" },
  { name: "x-alga-extension", value: "registry-1" },
];
const LISTED: ReadonlySet<string> = new Set(FORWARDED_HEADERS);

function expectedHeaders(given: readonly Header[]): Header[] {
  const passed = given.flatMap(({ name, value }) => {
    const known = name.toLowerCase();
    return LISTED.has(known) && known !== "x-request-id" ? [{ name: known, value }] : [];
  });
  return [...passed, ...OURS];
}

test("a hundred thousand generated requests are decided as what they were made of says", () => {
  const decided = new Map<string, number>();
  const count = (what: string) => void decided.set(what, (decided.get(what) ?? 0) + 1);
  for (let made = 0; made < REQUESTS; made += 1) {
    const method = isSometimes(0.05) ? oneOf(OTHER_METHODS) : oneOf(METHODS);
    const { text, segments, isMalformed } = target();
    const index = expectedEndpoint(method, segments);
    const verdict = endpointMatches({ install: strict, method, target: requestPath(text) });
    const outcome = verdict.outcome === "allow" ? verdict.source : verdict.code;
    let expected = index === undefined ? "endpoint_not_found" : `manifest:api.endpoints[${index}]`;
    if (isMalformed) expected = "malformed_request";
    if (!METHODS.includes(method)) expected = "method_not_allowed";
    if (outcome !== expected) expect({ method, text, outcome }).toEqual({ method, text, outcome: expected });
    count(outcome);

    const { given, isMalformed: isRefused } = headers();
    const judged = requestHeaders({ headers: given });
    const said = judged.outcome === "allow" ? "headers" : judged.code;
    const must = isRefused ? "malformed_request" : "headers";
    if (said !== must) expect({ given, said }).toEqual({ given, said: must });
    const seen = forwardHeaders(given, {
      requestId: "ours",
      tenantId: "tenant-1",
      extensionId: "registry-1",
    });
    const meant = expectedHeaders(given);
    if (JSON.stringify(seen) !== JSON.stringify(meant))
      expect({ given, seen }).toEqual({ given, seen: meant });
    count(said === "headers" ? said : "headers refused");
  }
  // Every answer that there is was given, and not by chance alone.
  const answers = [
    ...["malformed_request", "method_not_allowed", "endpoint_not_found", "headers", "headers refused"],
    ...ENDPOINTS.map((_, index) => `manifest:api.endpoints[${index}]`),
  ];
  expect([...decided.keys()].toSorted()).toEqual(answers.toSorted());
  expect(Math.min(...decided.values())).toBeGreaterThan(20);
});
