import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Capability } from "../../core/contract/capability.ts";
import type { ExecuteResponse } from "../../core/contract/execute.ts";
import { createUsageLedger } from "../../core/quota/index.ts";
import { answer, createFixture, failure, type GatewayFixture } from "./fixture.ts";

const PATH = "/api/ext/install-1/";
const FETCHING: Capability[] = ["cap:http.fetch"];
const DAY_MS = 86_400_000;

/** A call that has come to the runner. */
interface Running {
  readonly given: number;
  /** Answers, when told how much the extension would like to move. */
  end(wanted: number): Promise<Response>;
}

/** Begins a call. @returns `undefined` when it was refused before it came to the runner */
async function begin(fixture: GatewayFixture): Promise<Running | undefined> {
  const name = `call-${crypto.randomUUID()}`;
  const reached = new Promise<Running>((resolve) => {
    const others = fixture.execute;
    fixture.execute = (request, signal) => {
      if (request.context.request_id !== name) return others(request, signal);
      const { promise, resolve: end } = Promise.withResolvers<ExecuteResponse>();
      const given = request.limits.egress_bytes ?? Number.POSITIVE_INFINITY;
      resolve({
        given,
        end: (wanted) => {
          end(moved(wanted, given));
          return call;
        },
      });
      return promise;
    };
  });
  const call = fixture.call("GET", PATH, { headers: { "x-request-id": name } });
  return Promise.race([reached, call.then(() => undefined)]);
}

/** What a runner answers that keeps to what it was given. */
function moved(wanted: number, given: number): ExecuteResponse {
  const base = wanted > given ? failure({ code: "quota_exceeded", message: "wanted more egress" }) : answer();
  return { ...base, usage: { ...base.usage, egress_bytes: Math.min(wanted, given) } };
}

function usedIn(ledger: Pick<GatewayFixture["ledger"], "window">, at: Date): number {
  return ledger.window({ scope: "install", id: "install-1" }, "minute", at).usage.egress_bytes;
}

describe("egress", () => {
  test("of a call is set aside while it runs, and what it did not use comes back when it ends", async () => {
    const fixture = createFixture({ install: { granted_capabilities: FETCHING } });
    // Two slots: each gets its part, and none what the other was given.
    const [one, other] = await Promise.all([begin(fixture), begin(fixture)]);
    expect([one?.given, other?.given]).toEqual([500, 500]);
    expect((await one?.end(100))?.status).toBe(200);
    const third = await begin(fixture);
    expect(third?.given).toBe(400);
    expect((await other?.end(500))?.status).toBe(200);
    const over = await third?.end(401);
    expect([over?.status, over?.headers.get("retry-after")]).toEqual([429, "1"]);
    expect(usedIn(fixture.ledger, fixture.now)).toBe(1_000);
  });

  test("is not set aside for a call that may not fetch", async () => {
    const fixture = createFixture();
    const call = await begin(fixture);
    expect(call?.given).toBe(0);
    expect((await call?.end(0))?.status).toBe(200);
  });

  test("comes back from a call whose runner fails, and goes with the window in which the call was let in", async () => {
    const fixture = createFixture({
      install: { granted_capabilities: FETCHING, limits: { concurrency: 1, rate_burst: 10 } },
    });
    const { execute } = fixture;
    fixture.execute = () => Promise.reject(new Error("gone"));
    expect((await fixture.call("GET", PATH)).status).toBe(502);
    fixture.execute = execute;
    const late = await begin(fixture);
    expect(late?.given).toBe(1_000);
    const before = fixture.now;
    fixture.now = new Date("2026-03-01T12:01:00.000Z");
    await late?.end(300);
    expect([usedIn(fixture.ledger, before), usedIn(fixture.ledger, fixture.now)]).toEqual([300, 0]);
    const next = await begin(fixture);
    expect(next?.given).toBe(1_000);
    await next?.end(0);
  });

  test("of calls at once is together never above the limit, is there again when they end, and is kept over a restart", async () => {
    const [limit, concurrency] = [5_000, 4];
    const fixture = createFixture({
      install: {
        granted_capabilities: FETCHING,
        limits: {
          egress_bytes_per_minute: limit,
          egress_bytes_per_day: limit + 500,
          concurrency,
          rate_burst: 100,
        },
      },
    });
    const steps = fc.array(
      fc.oneof(
        fc.record({ begin: fc.integer({ min: 1, max: 3 }) }),
        fc.record({ end: fc.nat(concurrency), wanted: fc.nat(4_000) }),
      ),
      { maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        // Windows that nothing was used of, and full buckets.
        fixture.now = new Date(fixture.now.getTime() + DAY_MS);
        const used = () => usedIn(fixture.ledger, fixture.now);
        const running: Running[] = [];
        try {
          for (const step of taken) {
            if ("begin" in step) {
              const begun = await Promise.all(Array.from({ length: step.begin }, () => begin(fixture)));
              running.push(...begun.filter((call) => call !== undefined));
            } else {
              await running.splice(step.end % Math.max(1, running.length), 1)[0]?.end(step.wanted);
            }
            const given = running.reduce((sum, call) => sum + call.given, 0);
            expect(used() + given).toBeLessThanOrEqual(limit);
            expect(running.length).toBeLessThanOrEqual(concurrency);
          }
        } finally {
          for (const call of running) await call.end(0);
        }
        const left = limit - used();
        const last = await begin(fixture);
        expect(last?.given ?? 0).toBe(Math.floor(left / concurrency));
        await last?.end(0);
        fixture.ledger.flush();
        expect(usedIn(createUsageLedger({ database: fixture.database }), fixture.now)).toBe(used());
      }),
      { numRuns: 60 },
    );
  });
});
