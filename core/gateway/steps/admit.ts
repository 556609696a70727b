import { startDeadline } from "../../platform/deadline.ts";
import {
  CONCURRENCY_LADDER,
  type ConcurrencyFacts,
  type EgressShare,
  egressShare,
  type LimitScope,
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
  /** Gives back the slot, and what was set aside of the egress: to be called when what was used is recorded. */
  release(): void;
  /** What the call may move; `undefined`: not limited. */
  readonly egress: EgressShare | undefined;
  /** When the quotas were asked: the call belongs to the windows of that moment. */
  readonly at: Date;
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
  let freeSlot: (() => void) | undefined;
  try {
    freeSlot = await slotFor(ports, admission, request, route, journal);
    const at = ports.clock.now();
    const facts = quotaFacts(ports.usage, admission.egress, route.limits, at);
    journal.ask(QUOTA_LADDER, facts);
    const egress = egressFor(admission, route, facts);
    const limited = facts.windows.flatMap((window) =>
      window.limit.metric === "egress_bytes" ? [{ ...window, period: window.limit.period }] : [],
    );
    const giveBack = admission.egress.take(route.limits.scopes, limited, egress?.bytes ?? 0);
    const release = () => {
      giveBack();
      freeSlot?.();
    };
    return { release, egress, at };
  } catch (error) {
    freeSlot?.();
    refund();
    journal.rated(rateStanding(takes, true));
    throw error;
  }
}

/** A call that may not fetch is given nothing and sets nothing aside. */
function egressFor(
  { egress }: Admission,
  { install, limits }: Route,
  facts: ReturnType<typeof quotaFacts>,
): EgressShare | undefined {
  const granted = install.granted_capabilities;
  const mayFetch = granted.includes("cap:http.fetch");
  const comeBack = granted.includes("cap:ui.proxy") ? 1 : 0;
  const othersOf = (scope: LimitScope) => {
    const of = limits.scopes.find((each) => each.scope === scope);
    // Where no number is set for a whole tenant or extension, as many may come as at this install.
    if (of?.concurrency === undefined) return limits.concurrency.value;
    // A call that this one makes to its own extension needs no slot.
    return Math.max(comeBack, of.concurrency.value - egress.calls(of) - 1);
  };
  const share = egressShare(facts, othersOf);
  return share === undefined || mayFetch ? share : { ...share, bytes: 0 };
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
  const deadline = patienceMs === 0 ? undefined : (ports.deadline ?? startDeadline)(patienceMs);
  const wait =
    deadline === undefined
      ? ({ outcome: "none" } as const)
      : await slots
          .wait(asked, {
            until: deadline.signal,
            capacity: limits.concurrency.value * QUEUED_PER_SLOT,
            gone: [request.signal, request.hangUp].filter((signal) => signal !== undefined),
          })
          .finally(deadline.end);
  const waitedMs = ports.ticks() - since;
  if (wait.outcome === "served") return held(wait.release, { queue: "served", waitedMs });
  journal.ask(CONCURRENCY_LADDER, { slots: running(0), queue: wait.outcome, waitedMs });
  throw GatewayError.internal("A call without a slot was not refused.");
}
