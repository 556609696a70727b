import type { GatewayHost, Reply } from "../e2e/gateway-host.ts";

/** One kind of call and what it must be answered with. */
interface Call {
  readonly path: string;
  body?(random: () => number): string | undefined;
  /** Of the tenant with a short deadline and fuel without end. */
  readonly hurried?: boolean;
  isRight(reply: Reply, sent: string | undefined): boolean;
}

const failing =
  (code: string) =>
  ({ code: actual }: Reply) =>
    actual === code;
const answering =
  (expected: (sent: string | undefined) => unknown) => (reply: Reply, sent: string | undefined) =>
    reply.status === 200 && JSON.stringify(reply.body) === JSON.stringify(expected(sent));

const GOOD: readonly Call[] = [
  { path: "/count", isRight: answering(() => ({ counter: 1 })) },
  {
    path: "/echo?a=1",
    body: (random) => `text ${random()}`,
    isRight: answering((sent) => ({ method: "POST", url: "/echo?a=1", body: sent, accept: "*/*" })),
  },
  { path: "/log", isRight: answering(() => ({})) },
  { path: "/storage", isRight: ({ status }) => status === 200 },
  {
    path: "/large",
    body: () => "300000",
    isRight: ({ status, body }) => status === 200 && String(body).length === 300_000,
  },
];

const HOSTILE: readonly Call[] = [
  { path: "/loop", isRight: failing("fuel_exhausted") },
  { path: "/loop", hurried: true, isRight: failing("timeout") },
  { path: "/burn", isRight: failing("fuel_exhausted") },
  { path: "/hoard", isRight: failing("memory_limit") },
  { path: "/throw", isRight: failing("bad_handler") },
  { path: "/recurse", isRight: ({ code }) => code === "bad_handler" || code === "fuel_exhausted" },
  { path: "/status", body: () => "199", isRight: failing("bad_handler") },
  { path: "/header", body: () => '["x-ext-a","b\\r\\nc: d"]', isRight: failing("bad_handler") },
  { path: "/headers", body: () => "5000", isRight: failing("response_too_large") },
  { path: "/large", body: () => "20000000", isRight: failing("response_too_large") },
  { path: "/chatter", isRight: ({ code }) => code === "quota_exceeded" || code === "fuel_exhausted" },
  { path: "/flood", isRight: ({ status }) => status === 200 },
];

/** Limits under which every hostile call ends soon, and a good one only when the machine is out of breath. */
export async function prepareMixedLoad(
  gateway: GatewayHost,
  name: string,
  { fuel = 100_000_000, hurriedMs = 300 } = {},
): Promise<void> {
  const { registry, tenants } = gateway.workbench;
  const { version } = await gateway.publish();
  for (const { id } of [gateway.ours, gateway.theirs]) {
    await registry.install({ ref: name, tenantId: id, version });
    registry.configure({ ref: name, tenantId: id, grants: "requested" });
    tenants.setLimits(id, { rate_per_minute: 10_000_000, rate_burst: 1_000_000, concurrency: 64 });
  }
  gateway.configure({ timeout_ms: 30_000, fuel, memory_mb: 64 });
  registry.configure({
    ref: name,
    tenantId: gateway.theirs.id,
    limits: { timeout_ms: hurriedMs, fuel: Number.MAX_SAFE_INTEGER },
  });
}

export interface Tally {
  calls: number;
  hostile: number;
  /** Answered as not served: no runner at the moment, no slot. */
  readonly unserved: Map<string, number>;
  readonly wrong: string[];
  readonly requestIds: string[];
}

const UNSERVED = new Set(["runner_unavailable", "concurrency_exceeded", "rate_limited"]);
const HOSTILE_SHARE = 0.25;

export interface MixedLoad {
  readonly clients: number;
  isOver(): boolean;
  readonly tally: Tally;
  /** From 0 to below 1. */
  random?(): number;
}

/** Clients that call one after the other until they are told to stop. */
export async function mixedLoad(
  gateway: GatewayHost,
  { clients, isOver, tally, random = Math.random }: MixedLoad,
): Promise<void> {
  const client = async () => {
    while (!isOver()) {
      const isHostile = random() < HOSTILE_SHARE;
      const kind = isHostile ? HOSTILE : GOOD;
      const call = kind[Math.floor(random() * kind.length)];
      if (call === undefined) continue;
      const sent = call.body?.(random);
      const reply = await gateway.call(
        call.path,
        sent,
        call.hurried === true ? gateway.theirs : gateway.ours,
      );
      tally.calls += 1;
      if (isHostile) tally.hostile += 1;
      tally.requestIds.push(reply.requestId);
      if (reply.code !== undefined && UNSERVED.has(reply.code))
        tally.unserved.set(reply.code, (tally.unserved.get(reply.code) ?? 0) + 1);
      else if (!call.isRight(reply, sent))
        tally.wrong.push(`${call.path}: ${reply.status} ${reply.code ?? ""}`);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
}

export function createTally(): Tally {
  return { calls: 0, hostile: 0, unserved: new Map(), wrong: [], requestIds: [] };
}

/** Rows that say of a call neither how it ended nor that it was interrupted. */
export function openRows(gateway: GatewayHost, { requestIds }: Tally): string[] {
  const { executions } = gateway.workbench;
  const running = executions.list({ outcome: "running" }).items.map(({ request_id }) => request_id);
  const open = requestIds.filter((id) => {
    const outcome = executions.find(id)?.outcome;
    return outcome === undefined || outcome === "running";
  });
  return [...new Set([...running, ...open])];
}

export interface RunnerHealth {
  readonly pool: { readonly busy: number; readonly waiting?: number; readonly workers?: number };
  readonly process: { readonly resident_bytes: number };
}

export async function runnerHealth(url: string): Promise<RunnerHealth> {
  // The runner's own answer.
  return (await (await fetch(`${url}/healthz`)).json()) as RunnerHealth;
}
