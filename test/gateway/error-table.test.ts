import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { WorkbenchError } from "../../core/contract/errors.ts";
import { GATEWAY_STATUS, type GatewayErrorCode, gatewayStatus } from "../../core/contract/gateway-errors.ts";
import { VERIFICATION_CODES } from "../../core/contract/verification.ts";
import { createKeptAnswers } from "../../core/gateway/index.ts";
import { createHostFixture } from "../host/fixture.ts";
import { manifest } from "../policy/facts.ts";
import { describedStatuses, differencesOf } from "../support/described-http.ts";
import { answer, createFixture, failure, type GatewayFixture, KEY, READER_KEY } from "./fixture.ts";

// The gateway's table of errors by a real client over a real socket: it can send what `fetch` cannot, and reads the
// answer as anybody's client does. Behind the door stands a runner that answers what the row needs.

const HAS_CURL = spawnSync("curl", ["--version"]).status === 0;
/** Said in the title, so that a run without it shows what was not tried. */
const BY_CURL = HAS_CURL ? "by curl" : "SKIPPED: needs curl, which this machine does not have";
const PATH = "/api/ext/{extension}/{path}";
const MAX_SECONDS = "30";

interface Answer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly type: string;
  readonly body: string;
}

async function curl(url: string, args: readonly string[]): Promise<Answer> {
  const given = ["-q", "-s", "-S", "-i", "--path-as-is", "--max-time", MAX_SECONDS, ...args, url];
  const { stdout } = await promisify(execFile)("curl", given, { encoding: "utf8" });
  const end = stdout.indexOf("\r\n\r\n");
  const [line = "", ...lines] = stdout.slice(0, end).split("\r\n");
  const headers = new Map(
    lines.map((each) => {
      const [name = "", ...value] = each.split(":");
      return [name.toLowerCase(), value.join(":").trim()] as const;
    }),
  );
  const [, status] = line.split(" ");
  return {
    status: Number(status),
    headers,
    type: headers.get("content-type") ?? "",
    body: stdout.slice(end + 4),
  };
}

interface Row {
  readonly situation: string;
  readonly code: GatewayErrorCode;
  /** Of the host's; default: the call that the extension would answer. */
  readonly path?: string;
  readonly args?: readonly string[];
  readonly method?: string;
  /** Default: the tenant's own key. */
  readonly key?: string | undefined;
  readonly fixture?: () => Parameters<typeof createFixture>[0];
  /** Makes what the row is about; what it hands to `afterwards` is done when the row's answer is there. */
  prepare?(
    fixture: GatewayFixture,
    call: () => Promise<Answer>,
    afterwards: (act: () => Promise<unknown>) => void,
  ): Promise<void>;
}

const runner = (code: Parameters<typeof failure>[0]["code"]): Pick<Row, "code" | "prepare"> => ({
  code,
  prepare: async (fixture) => {
    fixture.execute = async () => failure({ code, message: "as the runner says" });
  },
});

const times =
  (count: number): NonNullable<Row["prepare"]> =>
  async (_, call) => {
    for (let made = 0; made < count; made += 1) expect((await call()).status).toBe(200);
  };

const keyed = (body: string) => ["-H", "x-idempotency-key: order-1", "-d", body];

const ROWS: readonly Row[] = [
  { situation: "a malformed request", code: "malformed_request", path: "/api/ext/install-1/a/../b" },
  {
    situation: "a bad header",
    code: "malformed_request",
    method: "POST",
    args: ["-H", "x-idempotency-key: a b", "-d", "x"],
  },
  {
    situation: "two lengths of one body",
    code: "malformed_request",
    method: "POST",
    args: ["-H", "content-length: 1", "-H", "content-length: 2", "-d", "x"],
  },
  { situation: "no credentials", code: "unauthenticated", key: undefined },
  { situation: "unknown credentials", code: "unauthenticated", key: "key-of-nobody" },
  {
    situation: "a tenant header that disagrees",
    code: "tenant_mismatch",
    args: ["-H", "x-tenant-id: tenant-2"],
  },
  { situation: "a capability that was not granted", ...runner("capability_denied") },
  {
    situation: "a role that may not",
    code: "forbidden",
    method: "POST",
    args: ["-d", "x"],
    key: READER_KEY,
  },
  { situation: "what is not installed", code: "extension_not_installed", path: "/api/ext/nothing/" },
  {
    situation: "what is disabled",
    code: "extension_not_installed",
    fixture: () => ({ install: { enabled: false } }),
  },
  {
    situation: "an endpoint that the manifest does not list",
    code: "endpoint_not_found",
    path: "/api/ext/install-1/other",
    fixture: () => ({ install: { manifest: manifest({ endpoints: [{ method: "GET", path: "/items" }] }) } }),
  },
  { situation: "a method that the gateway does not carry", code: "method_not_allowed", method: "PURGE" },
  {
    situation: "a body over the cap",
    code: "request_too_large",
    method: "POST",
    args: ["-d", "x".repeat(101)],
  },
  {
    situation: "a chunked body over the cap",
    code: "request_too_large",
    method: "POST",
    args: ["-H", "transfer-encoding: chunked", "-d", "x".repeat(100_000)],
  },
  {
    situation: "headers over the cap",
    code: "request_too_large",
    args: ["-H", `x-large: ${"v".repeat(2_000)}`],
  },
  {
    situation: "headers over what the socket takes",
    code: "request_too_large",
    args: ["-H", `x-large: ${"v".repeat(70_000)}`],
  },
  {
    situation: "a key that stands for another request",
    code: "idempotency_conflict",
    method: "POST",
    args: keyed("other"),
    prepare: async (fixture) => {
      const first = await fixture.call("POST", "/api/ext/install-1/", {
        headers: { "x-idempotency-key": "order-1", "content-type": "application/x-www-form-urlencoded" },
        body: "one",
      });
      expect(first.status).toBe(200);
    },
  },
  {
    situation: "a key whose request has not ended",
    code: "idempotency_in_progress",
    method: "POST",
    args: keyed("one"),
    fixture: () => ({ ports: { keptAnswers: unkept() } }),
    prepare: times(1),
  },
  { situation: "too many calls a minute", code: "rate_limited", prepare: times(3) },
  {
    situation: "too many calls at once",
    code: "concurrency_exceeded",
    prepare: async (fixture, call, afterwards) => {
      const { promise, resolve } = Promise.withResolvers<ReturnType<typeof answer>>();
      fixture.execute = () => promise;
      const held = [call(), call()];
      await expect.poll(() => fixture.executed.length, { timeout: 20_000 }).toBe(2);
      afterwards(() => {
        resolve(answer());
        return Promise.all(held);
      });
    },
  },
  {
    situation: "a quota that is used up",
    code: "quota_exceeded",
    fixture: () => ({ install: { limits: { invocations_per_day: 1 } } }),
    prepare: times(1),
  },
  { situation: "a quota that the call itself used up", ...runner("quota_exceeded") },
  {
    situation: "a response over the cap",
    code: "response_too_large",
    prepare: async (fixture) => {
      fixture.execute = async () => answer({ body_b64: Buffer.alloc(101).toString("base64") });
    },
  },
  { situation: "a bad handler", ...runner("bad_handler") },
  {
    situation: "a response that is no response",
    code: "bad_handler",
    prepare: async (fixture) => {
      fixture.execute = async () => answer({ status: 99 });
    },
  },
  {
    situation: "a runner that is down",
    code: "runner_unavailable",
    prepare: async (fixture) => {
      fixture.execute = async () => {
        throw new WorkbenchError({ code: "runner_unavailable", message: "connect ECONNREFUSED" });
      };
    },
  },
  { situation: "too much memory", ...runner("memory_limit") },
  { situation: "a bundle that is not there", ...runner("bundle_unavailable") },
  {
    situation: "a failure of ours",
    code: "internal",
    prepare: async (fixture) => {
      fixture.execute = async () => {
        throw new Error("a bug");
      };
    },
  },
  ...VERIFICATION_CODES.map(
    (code): Row => ({
      situation: "signature or integrity",
      code,
      fixture: () => ({ install: { version_status: "invalid", invalid_code: code } }),
    }),
  ),
  { situation: "the deadline", ...runner("timeout") },
  { situation: "the fuel", ...runner("fuel_exhausted") },
];

/** Answers of which none can be kept, as on a full disk: their keys stay taken. */
function unkept(): ReturnType<typeof createKeptAnswers> {
  const { database } = createFixture();
  const kept = createKeptAnswers({ database, clock: { now: () => new Date("2026-03-01T12:00:10.000Z") } });
  return {
    ...kept,
    keep: () => {
      throw new Error("disk full");
    },
  };
}

test
  .skipIf(!HAS_CURL)
  .each(ROWS.map((row) => [`${row.situation}: ${gatewayStatus(row.code)} ${row.code}`, row] as const))(
  `%s (${BY_CURL})`,
  async (_, row) => {
    const { code, path = "/api/ext/install-1/", method = "GET", args = [] } = row;
    const key = "key" in row ? row.key : KEY;
    const fixture = createFixture(row.fixture?.());
    const { host } = createHostFixture({ gateway: fixture.gateway });
    const { url } = await host.listen(0);
    const credentials = key === undefined ? [] : ["-H", `authorization: Bearer ${key}`];
    const call = () => curl(`${url}${path}`, ["-X", method, ...credentials, ...args]);
    let last = async (): Promise<unknown> => undefined;
    await row.prepare?.(fixture, call, (act) => {
      last = act;
    });
    const answered = await call();
    await last();

    const body: { error: { code: string; message: string }; request_id: string } = JSON.parse(answered.body);
    expect([answered.status, body.error.code]).toEqual([gatewayStatus(code), code]);
    expect(body).toEqual({
      error: { code, message: expect.stringMatching(/\S/) },
      request_id: answered.headers.get("x-request-id"),
    });
    expect(answered.headers.get("retry-after") !== undefined).toBe(
      answered.status === 429 || code === "idempotency_in_progress",
    );
    if (method === "GET" || method === "POST")
      expect(differencesOf({ method, path: PATH }, answered)).toEqual([]);
  },
);

test("the table has a row for every code, and for every status that is described of a call", () => {
  const codes = new Set<string>(ROWS.map(({ code }) => code));
  expect(codes).toEqual(new Set([...Object.keys(GATEWAY_STATUS), ...VERIFICATION_CODES]));
  const statuses = new Set(ROWS.map(({ code }) => String(gatewayStatus(code))));
  // A method that is not described gets 405; another host's name 421, below; what the extension answers is its own.
  const described = describedStatuses("POST", PATH).filter((status) => !["2XX", "421"].includes(status));
  expect(new Set([...described, "405"])).toEqual(statuses);
});

test.skipIf(!HAS_CURL)(`a call that was addressed to another name answers 421 (${BY_CURL})`, async () => {
  const { host } = createHostFixture();
  const { url } = await host.listen(0);
  const answered = await curl(`${url}/api/ext/install-1/`, ["-H", "host: rebound.example"]);
  expect(answered.status).toBe(421);
  expect(differencesOf({ method: "GET", path: PATH }, answered)).toEqual([]);
});

test.skipIf(!HAS_CURL)(`what the extension answers is passed on, by every method (${BY_CURL})`, async () => {
  const fixture = createFixture({ install: { limits: { rate_burst: 100 } } });
  const { host } = createHostFixture({ gateway: fixture.gateway });
  const { url } = await host.listen(0);
  for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
    const answered = await curl(`${url}/api/ext-proxy/install-1/a%20b?c=d`, [
      "-X",
      method,
      "-H",
      `x-api-key: ${KEY}`,
    ]);
    expect([answered.status, answered.body]).toEqual([200, '{"ok":true}']);
    expect(differencesOf({ method, path: "/api/ext-proxy/{extension}/{path}" }, answered)).toEqual([]);
  }
  const head = await curl(`${url}/api/ext/install-1/`, ["--head", "-H", `x-api-key: ${KEY}`]);
  expect([head.status, head.headers.get("content-length"), head.body]).toEqual([200, "11", ""]);
  expect(fixture.executed.map(({ http }) => [http.method, http.path, http.query])[1]).toEqual([
    "POST",
    "/a%20b",
    "?c=d",
  ]);
});
