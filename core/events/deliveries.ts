import { MAX_DELIVERY_ATTEMPTS } from "../contract/event.ts";
import { eventHandlerPath } from "../contract/event-handler.ts";
import type { InstalledExtension } from "../contract/install.ts";
import { type AttemptEnd, endOf, isDelivered, isPermanent } from "./attempt-outcome.ts";
import { retryDelayMs } from "./backoff.ts";
import type { DeliveryRepository, DeliveryRow } from "./delivery-repository.ts";
import type { EventRepository } from "./event-repository.ts";
import type { EventObserver, EventPorts } from "./ports.ts";

/** Deliveries that one host has under way at once; what is due beyond waits for the next look. */
const MAX_CONCURRENT_DELIVERIES = 8;
/** How long a delivery stays its host's without a sign of life; then another attempt is made. */
const LEASE_MS = 60_000;
const RENEW_BEFORE_MS = LEASE_MS / 2;
/** A disabled install's deliveries are looked at again this much later. */
const PAUSE_MS = 30_000;

interface DeliveryParts {
  readonly ports: EventPorts;
  readonly events: EventRepository;
  readonly deliveries: DeliveryRepository;
  changed(): void;
  readonly observers: ReadonlySet<EventObserver>;
}

interface Active {
  readonly done: Promise<void>;
  /** As it stands in the row: who renews must still own it. */
  leaseUntil: string;
}

type Settled = Parameters<EventObserver["attempted"]>[0]["outcome"];

/** Takes what is due and delivers it, at least once: an attempt whose host dies is made again. */
export function createDeliveries({ ports, events, deliveries, changed, observers }: DeliveryParts) {
  const { database, clock, installs, logger } = ports;
  const stopping = new AbortController();
  const active = new Map<string, Active>();

  const later = (ms: number) => new Date(clock.now().getTime() + ms).toISOString();

  const claim = database.transaction((seen: DeliveryRow, until: string): InstalledExtension | undefined => {
    const now = clock.now().toISOString();
    const install = installs.find(seen.install_id);
    if (install === undefined) return undefined;
    // A disabled install pauses: no attempt is spent on it.
    if (!install.enabled && seen.state === "pending") {
      deliveries.settle({ ...seen, next_at: later(PAUSE_MS) });
      return undefined;
    }
    if (!deliveries.claim(seen, now, until)) return undefined;
    if (seen.state === "delivering") {
      deliveries.endAttempt(
        seen.id,
        { code: "interrupted", error: "The host stopped during the attempt." },
        now,
      );
    }
    deliveries.beginAttempt(seen.id, seen.attempts + 1, now);
    return install;
  });

  /** @returns what became of it; `undefined` when it was no longer ours to settle */
  const settle = database.transaction((id: string, end: AttemptEnd): Settled | undefined => {
    const row = deliveries.get(id);
    if (row?.state !== "delivering") return undefined;
    const now = clock.now().toISOString();
    deliveries.endAttempt(id, end, now);
    const last = { ...row, last_error: end.error ?? null, last_execution_id: end.execution_id ?? null };
    if (isDelivered(end)) {
      deliveries.settle({ ...last, state: "delivered", next_at: null, finished_at: now });
      return "delivered";
    }
    if (isPermanent(end) || row.attempts >= MAX_DELIVERY_ATTEMPTS) {
      deliveries.settle({ ...last, state: "dead", next_at: null, finished_at: now });
      return "dead";
    }
    const next = later(retryDelayMs(row.attempts, ports.random()));
    deliveries.settle({ ...last, state: "pending", next_at: next });
    return "retried";
  });

  /** The host stops in the middle: the attempt does not count, the next host makes it again at once. */
  const giveBack = database.transaction((id: string): Settled | undefined => {
    const row = deliveries.get(id);
    if (row?.state !== "delivering") return undefined;
    const now = clock.now().toISOString();
    deliveries.endAttempt(id, { code: "interrupted", error: "The host stopped during the attempt." }, now);
    deliveries.settle({ ...row, state: "pending", attempts: row.attempts - 1, next_at: now });
    return "interrupted";
  });

  async function attempt(row: DeliveryRow, install: InstalledExtension): Promise<void> {
    const end = await endOfAttempt(row, install);
    try {
      const outcome = end === undefined ? giveBack.immediate(row.id) : settle.immediate(row.id, end);
      if (outcome !== undefined)
        for (const observer of observers) observer.attempted({ extension: install.extension_name, outcome });
    } catch (error) {
      // Its lease runs out, and whoever looks then tries again.
      logger.error({ delivery_id: row.id, err: error }, "the end of a delivery could not be recorded");
    }
    active.delete(row.id);
    changed();
  }

  /** `undefined`: given up because the host stops. */
  async function endOfAttempt(
    row: DeliveryRow,
    install: InstalledExtension,
  ): Promise<AttemptEnd | undefined> {
    const event = events.get(row.event_id);
    const path = eventHandlerPath(install.manifest, row.handler);
    if (event === undefined || path === undefined) {
      const error = `Version ${install.version} has no POST endpoint for the subscription's handler.`;
      return { code: "handler_not_found", error };
    }
    const { id, topic, published_at } = event;
    try {
      const answer = await ports.call({
        caller: "events",
        install,
        method: "POST",
        path,
        // The data are JSON text already.
        body: `{"topic":${JSON.stringify(topic)},"id":${JSON.stringify(id)},"published_at":${JSON.stringify(published_at)},"data":${events.data(id)}}`,
        idempotencyKey: row.id,
        signal: stopping.signal,
      });
      return endOf(answer);
    } catch (error) {
      if (stopping.signal.aborted) return undefined;
      logger.error({ delivery_id: row.id, err: error }, "a delivery failed inside the workbench");
      return { code: "internal", error: "Something inside the workbench failed." };
    }
  }

  /** True when it was there to be taken. */
  function take(row: DeliveryRow): Active | undefined {
    const leaseUntil = later(LEASE_MS);
    const install = claim.immediate(row, leaseUntil);
    if (install === undefined) return undefined;
    const entry: Active = { done: attempt(row, install), leaseUntil };
    active.set(row.id, entry);
    return entry;
  }

  function renew(): void {
    const renewBefore = later(RENEW_BEFORE_MS);
    for (const [id, entry] of active) {
      if (entry.leaseUntil > renewBefore) continue;
      const until = later(LEASE_MS);
      if (deliveries.renew(id, entry.leaseUntil, until)) entry.leaseUntil = until;
    }
  }

  async function settled(): Promise<void> {
    while (active.size > 0) await Promise.all([...active.values()].map(({ done }) => done));
  }

  return {
    /** Everything that is to be done at this moment. */
    look(): void {
      if (stopping.signal.aborted) return;
      renew();
      const due = deliveries.due(clock.now().toISOString());
      for (const row of due) {
        if (active.size >= MAX_CONCURRENT_DELIVERIES) break;
        take(row);
      }
      if (due.length > 0) changed();
    },
    /** One attempt at each of these that is due, awaited: for a command that ends afterwards. */
    async attemptNow(ids: readonly string[]): Promise<void> {
      const now = clock.now().toISOString();
      const due = ids
        .flatMap((id) => deliveries.get(id) ?? [])
        .filter(({ next_at }) => next_at !== null && next_at <= now);
      await Promise.all(due.map((row) => take(row)?.done));
    },
    settled,
    /** Gives up what is under way and waits until that is recorded. */
    async stop(): Promise<void> {
      stopping.abort(new Error("the host stops"));
      await settled();
    },
  };
}
