/**
 * `node test/bench/policy.ts [--json]`: the whole ladder for one request beside thousands of installs, and a hundred
 * thousand generated requests against matcher and header policy. No socket, no store, no execution.
 */
import type { Header } from "../../core/contract/execute.ts";
import {
  CONCURRENCY_LADDER,
  decide,
  forwardHeaders,
  headerBytes,
  IDENTITY_LADDER,
  INSTALL_LADDER,
  matchEndpoint,
  QUOTA_LADDER,
  RATE_LADDER,
  REQUEST_LADDER,
  RESPONSE_LADDER,
  ROUTE_LADDER,
  requestHeaders,
  requestPath,
  resolveLimits,
  takeToken,
} from "../../core/policy/index.ts";
import { install, LIMITS, manifest, TENANT, user } from "../policy/facts.ts";
import { quantile } from "./measure.ts";

const INSTALLS = 5_000;
const REQUESTS = 100_000;
const ENDPOINTS = 40;

const endpoints = Array.from({ length: ENDPOINTS }, (_, index) => ({
  method: index % 2 === 0 ? "GET" : "POST",
  path: `/resource${index}/:id/items/:item`,
}));
const shared = manifest({ endpoints });
const installs = new Map(
  Array.from({ length: INSTALLS }, (_, index) => {
    const name = `com.acme.extension${index}`;
    return [name, install({ install_id: `install-${index}`, extension_name: name, manifest: shared })];
  }),
);
const caller = { tenant: TENANT, user: user() };
const headers: Header[] = [
  { name: "accept", value: "application/json" },
  { name: "content-type", value: "application/json" },
  { name: "user-agent", value: "bench" },
  { name: "authorization", value: "Bearer key" },
];

/** A generator that gives the same requests on every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const PIECES = [
  "a",
  "%41",
  "%2e%2e",
  "..",
  ".",
  "",
  "%2f",
  "é",
  "%c3%a9",
  "%ff",
  "\\",
  "x".repeat(300),
  ":id",
  "%00",
];
const VALUES = ["1", "a b", "\r\n", "\u0000", "ÿ", "x".repeat(2_000), ""];
const NAMES = [
  "accept",
  "x-request-id",
  "X-Idempotency-Key",
  "cookie",
  "bad name",
  "content-length",
  "x-any",
];

function ladder(name: string): boolean {
  const found = installs.get(name);
  const target = requestPath("/resource38/7/items/9?full=1");
  const limits = resolveLimits({
    defaults: LIMITS,
    tenant: { id: TENANT.id, limits: TENANT.limits },
    install: { id: found?.install_id ?? "", limits: found?.limits ?? {} },
  });
  const takes = limits.scopes.flatMap(({ scope, rate }) => {
    if (rate === undefined) return [];
    const policy = { perMinute: rate.perMinute.value, burst: rate.burst.value };
    return [{ scope, ...rate, take: takeToken(undefined, policy, 0) }];
  });
  const slots = limits.scopes.flatMap(({ scope, concurrency: limit }) =>
    limit === undefined ? [] : [{ scope, limit, inFlight: 0 }],
  );
  const windows = limits.scopes.flatMap(({ scope, windows: limited }) =>
    limited.map((limit) => ({ scope, limit, used: 0, endsInMs: 1 })),
  );
  const answers = [
    decide(IDENTITY_LADDER, { credential: "presented", caller, claimedTenants: [] }),
    decide(INSTALL_LADDER, { install: found }),
    found && decide(ROUTE_LADDER, { install: found, target, method: "GET", user: caller.user }),
    decide(REQUEST_LADDER, {
      limits,
      headers,
      headerBytes: headerBytes(headers),
      body: { state: "read", bytes: 10 },
    }),
    decide(RATE_LADDER, { takes }),
    decide(CONCURRENCY_LADDER, { slots, queue: "none", waitedMs: 0 }),
    decide(QUOTA_LADDER, { windows }),
    decide(RESPONSE_LADDER, { limits, status: 200, headers, bodyBytes: 10 }),
  ];
  return answers.every((each) => each !== undefined && each.refusal === undefined);
}

const random = numbers(1);
const samples: number[] = [];
for (let round = 0; round < 50_000; round += 1) {
  const name = `com.acme.extension${random(INSTALLS)}`;
  const start = performance.now();
  const allowed = ladder(name);
  samples.push((performance.now() - start) * 1_000);
  if (!allowed) throw new Error(`${name} was refused`);
}

let matched = 0;
let refused = 0;
const generatedAt = performance.now();
for (let round = 0; round < REQUESTS; round += 1) {
  const path = Array.from({ length: random(6) }, () => PIECES[random(PIECES.length)] ?? "").join("/");
  const usual = `resource${random(ENDPOINTS)}/${random(99)}/items/${random(99)}`;
  const target = requestPath(`/${random(2) === 0 ? usual : path}`);
  const sent = Array.from({ length: random(6) }, () => ({
    name: NAMES[random(NAMES.length)] ?? "",
    value: VALUES[random(VALUES.length)] ?? "",
  }));
  const verdict = requestHeaders({ headers: sent });
  if (target.ok && matchEndpoint(shared.api?.endpoints ?? [], "GET", target.segments)) matched += 1;
  if (!target.ok || verdict.outcome === "deny") refused += 1;
  // A path in its normal form stays as it is: no later hop can read another resource in it.
  if (target.ok) {
    const again = requestPath(target.path + target.query);
    if (!again.ok || again.path !== target.path) throw new Error(`not normal: ${target.path}`);
  }
  const ids = { requestId: "r", tenantId: "t", extensionId: "e" };
  if (forwardHeaders(sent, ids).some(({ name }) => name.toLowerCase() === "cookie"))
    throw new Error("a cookie passed");
}
const perRequestUs = ((performance.now() - generatedAt) / REQUESTS) * 1_000;

const result = {
  installs: INSTALLS,
  ladder_us: { p50: quantile(samples, 0.5), p95: quantile(samples, 0.95), samples: samples.length },
  generated: { requests: REQUESTS, matched, refused, us_per_request: perRequestUs },
};
process.stdout.write(
  process.argv.includes("--json")
    ? `${JSON.stringify(result)}\n`
    : `whole ladder, ${INSTALLS} installs: p50 ${result.ladder_us.p50.toFixed(1)} us  p95 ${result.ladder_us.p95.toFixed(1)} us\n` +
        `${REQUESTS} generated requests: ${matched} matched, ${refused} refused, ${perRequestUs.toFixed(1)} us each\n`,
);
