import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createGuestPool, type GuestJob, type GuestPool } from "../../../core/runner/pool/guest-pool.ts";
import type { GuestHooks, GuestResult } from "../../../core/runner/pool/guest-worker.ts";

const ENTRY = new URL("../support/thread-guest.ts", import.meta.url);
let runs = 0;
let pool: GuestPool | undefined;
afterEach(() => pool?.close());

function open(workers: number, queue = 10): GuestPool {
  pool = createGuestPool({
    entry: ENTRY,
    maximums: () => ({ workers, queue }),
    onDiagnostic: () => undefined,
  });
  return pool;
}

const QUIET: GuestHooks = {
  onLog: () => undefined,
  onCall: async () => ({ kind: "value", value: undefined }),
  onLocalCall: () => undefined,
  onRun: () => undefined,
};

function job(tenant: string, url = "/", change: Partial<GuestJob> = {}): GuestJob {
  const context = { request_id: "r", tenant_id: tenant, extension_id: "e", install_id: "i", version_id: "v" };
  return {
    tenant,
    deadline: performance.now() + 20_000,
    depth: 0,
    signal: new AbortController().signal,
    program: { source: "", modules: [], bytes: 0 },
    run: {
      id: ++runs,
      program: "p",
      granted: new Set(),
      scope: { context, user: undefined },
      http: { method: "GET", url, headers: [], body: undefined },
      limits: { memory_mb: 1, fuel: 1 },
      isolation: "restore",
      deadlineUs: Number.MAX_SAFE_INTEGER,
      inputs: { randomSeed: new Uint8Array(32) },
    },
    hooks: QUIET,
    ...change,
  };
}

/** A job that stays on its worker until it is let go; resolves when it has got there. */
async function hold(of: GuestPool, tenant: string, depth = 0) {
  const control = new AbortController();
  const running = Promise.withResolvers<void>();
  const result = of.execute(
    job(tenant, "/hold", {
      depth,
      signal: control.signal,
      hooks: { ...QUIET, onLog: () => running.resolve() },
    }),
  );
  onTestFinished(() => control.abort());
  await running.promise;
  return { result, letGo: () => control.abort() };
}

const thread = ({ outcome }: GuestResult) =>
  outcome.kind === "response" ? outcome.response.status : outcome.code;

describe("the pool of guest workers", () => {
  it("keeps a tenant on its worker, and never gives a tenant another one's", async () => {
    const of = open(2);
    const a = thread(await of.execute(job("a")));
    const b = thread(await of.execute(job("b")));
    expect(thread(await of.execute(job("a")))).toBe(a);
    expect(b).not.toBe(a);
    const seen = new Map([
      [a, "a"],
      [b, "b"],
    ]);
    const tenants = ["c", "a", "d", "b", "c", "a", "c", "b", "d"];
    for (const tenant of tenants) {
      const on = thread(await of.execute(job(tenant)));
      expect(seen.get(on) ?? tenant).toBe(tenant);
      seen.set(on, tenant);
    }
    expect(of.state().workers).toBeLessThanOrEqual(2);
  });

  it("replaces a worker that is killed at its deadline", async () => {
    const of = open(1);
    const before = thread(await of.execute(job("a")));
    const late = await of.execute(job("a", "/loop", { deadline: performance.now() + 50 }));
    expect(late.outcome).toMatchObject({ kind: "failure", code: "timeout" });
    const after = thread(await of.execute(job("a")));
    expect(after).toEqual(expect.any(Number));
    expect(after).not.toBe(before);
  });

  it("has another worker ready beside a tenant's own when an execution was ended with its thread", async () => {
    const of = open(2);
    const first = thread(await of.execute(job("a")));
    await of.execute(job("a", "/loop", { deadline: performance.now() + 50 }));
    const second = thread(await of.execute(job("a")));
    expect(second).not.toBe(first);
    // What is held is held by one that is ready and has served nobody.
    await vi.waitFor(() => expect(of.state()).toMatchObject({ workers: 2, held_bytes: 1 }), {
      timeout: 20_000,
    });
    await of.execute(job("a", "/loop", { deadline: performance.now() + 50 }));
    const next = of.execute(job("a"));
    expect(of.state()).toMatchObject({ busy: 1, waiting: 0 });
    expect(thread(await next)).toEqual(expect.any(Number));
  });

  it("survives a worker that dies by itself", async () => {
    const of = open(1);
    expect((await of.execute(job("a", "/die"))).outcome).toMatchObject({ code: "internal" });
    expect(thread(await of.execute(job("a")))).toEqual(expect.any(Number));
  });

  it("lets a call wait for a worker, within its deadline and within the queue", async () => {
    const of = open(1, 1);
    const held = await hold(of, "a");
    const waiting = of.execute(job("a"));
    expect(of.state()).toMatchObject({ workers: 1, busy: 1, waiting: 1 });
    expect((await of.execute(job("a"))).outcome).toMatchObject({ code: "internal" });
    held.letGo();
    expect((await held.result).outcome).toMatchObject({ code: "internal" });
    expect(thread(await waiting)).toEqual(expect.any(Number));
  });

  it("gives a call inside another a worker, also when all at the depth above wait for it", async () => {
    const of = open(1);
    const held = await hold(of, "a");
    const outer = of.execute(job("a"));
    for (const depth of [1, 2, 3, 4]) await hold(of, "a", depth);
    expect(of.state()).toMatchObject({ workers: 5, busy: 5, waiting: 1 });
    const inner = of.execute(job("a", "/", { depth: 4 }));
    expect(of.state().waiting).toBe(2);
    held.letGo();
    expect(thread(await outer)).toEqual(expect.any(Number));
    expect(of.state().waiting).toBe(1);
    await of.close();
    expect((await inner).outcome).toMatchObject({ code: "internal" });
  });

  it("makes another worker ready while a tenant's calls find theirs busy, and takes the last used when they are idle", async () => {
    const of = open(2);
    const held = await hold(of, "a");
    // The one that is held does not end: this call is answered by the one that was made ready for it.
    const second = thread(await of.execute(job("a")));
    expect(second).toEqual(expect.any(Number));
    expect(of.state()).toMatchObject({ workers: 2, busy: 1, waiting: 0, killed: 0 });
    held.letGo();
    await held.result;
    for (let call = 0; call < 3; call++) expect(thread(await of.execute(job("a")))).toBe(second);
    expect(of.state()).toMatchObject({ busy: 0, killed: 1 });
  });

  it("gives up what computes or waits without ending its thread when it ends by itself in time", async () => {
    const of = open(1);
    const before = thread(await of.execute(job("a")));
    const control = new AbortController();
    const call = of.execute(
      job("a", "/call", {
        signal: control.signal,
        hooks: {
          ...QUIET,
          onCall() {
            control.abort();
            return new Promise(() => undefined);
          },
        },
      }),
    );
    expect((await call).outcome).toMatchObject({ code: "internal", message: "the caller gave the call up" });
    expect(thread(await of.execute(job("a")))).toBe(before);
    expect(of.state().killed).toBe(0);
  });

  it("counts the wait for a worker towards the deadline", async () => {
    const of = open(1);
    await hold(of, "a");
    const late = await of.execute(job("a", "/", { deadline: performance.now() + 50 }));
    expect(late.outcome).toMatchObject({ code: "timeout" });
    expect(of.state().waiting).toBe(0);
  });

  it("frees the worker of a caller that has gone, and forgets one that was still waiting", async () => {
    const of = open(1);
    const held = await hold(of, "a");
    const control = new AbortController();
    const waiting = of.execute(job("b", "/", { signal: control.signal }));
    control.abort();
    expect((await waiting).outcome).toMatchObject({ code: "internal" });
    expect(of.state().waiting).toBe(0);
    held.letGo();
    expect(thread(await of.execute(job("b")))).toEqual(expect.any(Number));
  });

  it("ends everything when it closes, and takes nothing more", async () => {
    const of = open(1);
    const held = await hold(of, "a");
    const waiting = of.execute(job("a"));
    await of.close();
    for (const result of [held.result, waiting, of.execute(job("a"))])
      expect((await result).outcome).toMatchObject({ code: "internal", message: "the runner is stopping" });
  });
});
