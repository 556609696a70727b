import {
  CONCURRENCY_LADDER,
  type ConcurrencyFacts,
  type EgressLeft,
  egressLeft,
  QUEUED_PER_SLOT,
  QUOTA_LADDER,
  RATE_LADDER,
  rateStanding,
} from "../../policy/index.ts";
import { type Admission, keyOf, type Reservation } from "../admission.ts";
import type { GatewayCall } from "../call.ts";
import { GatewayError } from "../errors.ts";
import type { CallJournal } from "../journal.ts";
import type { GatewayPorts } from "../ports.ts";
import type { SlotRequest } from "../slot-queue.ts";
import { quotaFacts } from "./quota-facts.ts";
import type { Route } from "./resolve.ts";

export interface Admitted {
  /** Gives the slot back. */
  release(): void;
  /** What the call may move; `undefined`: not limited. */
  readonly egress: EgressLeft | undefined;
}

type AdmitPorts = Pick<GatewayPorts, "clock" | "usage" | "ticks" | "deadline">;

/** Reserves a token of every bucket. @throws GatewayError `rate_limited` */
export function takeRate(
  ports: Pick<GatewayPorts, "ticks">,
  admission: Admission,
  route: Route,
  journal: CallJournal,
): Reservation {
  const reservation = admission.reserve(route.limits.scopes, ports.ticks());
  journal.rated(rateStanding(reservation.takes));
  journal.ask(RATE_LADDER, reservation);
  return reservation;
}

/**
 * Concurrency and quota, for a call that has its tokens. A slot is waited for in a short fair queue, the quotas asked
 * when it is there; a call that a later rule refuses, or whose caller goes, gives back what it got.
 */
export async function admit(
  ports: AdmitPorts,
  admission: Admission,
  request: GatewayCall,
  route: Route,
  journal: CallJournal,
  { takes, refund }: Reservation,
): Promise<Admitted> {
  let release: (() => void) | undefined;
  try {
    release = await slotFor(ports, admission, request, route, journal);
    const facts = quotaFacts(ports, route.limits);
    journal.ask(QUOTA_LADDER, facts);
    return { release, egress: egressLeft(facts) };
  } catch (error) {
    release?.();
    refund();
    journal.rated(rateStanding(takes, true));
    throw error;
  }
}

async function slotFor(
  ports: AdmitPorts,
  admission: Admission,
  request: GatewayCall,
  { install, limits, caller }: Route,
  journal: CallJournal,
): Promise<() => void> {
  const { slots } = admission;
  const { depth = 0 } = request;
  const limited = limits.scopes.flatMap(({ scope, id, concurrency: limit }) =>
    limit === undefined ? [] : [{ key: keyOf({ scope, id }), scope, limit }],
  );
  const asked: SlotRequest = {
    scopes: limited.map(({ key, limit }) => ({ key, limit: limit.value })),
    install: install.install_id,
    caller: caller.user.user_id,
  };
  const running = (own: number) =>
    limited.map(({ key, scope, limit }) => ({ scope, limit, inFlight: slots.running(key) - own }));
  const held = (release: () => void, facts: Pick<ConcurrencyFacts, "queue" | "waitedMs">) => {
    try {
      journal.ask(CONCURRENCY_LADDER, { slots: running(1), ...facts });
      return release;
    } catch (error) {
      release();
      throw error;
    }
  };

  if (depth > 0) {
    // A slot of its own would let calls that wait for one another hold all slots and wait for ever.
    journal.ask(CONCURRENCY_LADDER, { slots: running(0), queue: "none", waitedMs: 0, depth });
    return () => undefined;
  }
  const atOnce = slots.take(asked);
  if (atOnce !== undefined) return held(atOnce, { queue: "none", waitedMs: 0 });
  const patienceMs = limits.queue_wait_ms.value;
  const since = ports.ticks();
  const wait =
    patienceMs === 0
      ? ({ outcome: "none" } as const)
      : await slots.wait(asked, {
          until: (ports.deadline ?? AbortSignal.timeout)(patienceMs),
          capacity: limits.concurrency.value * QUEUED_PER_SLOT,
          gone: [request.signal, request.hangUp].filter((signal) => signal !== undefined),
        });
  const waitedMs = ports.ticks() - since;
  if (wait.outcome === "served") return held(wait.release, { queue: "served", waitedMs });
  journal.ask(CONCURRENCY_LADDER, { slots: running(0), queue: wait.outcome, waitedMs });
  throw GatewayError.internal("A call without a slot was not refused.");
}
