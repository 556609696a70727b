import {
  type EventDelivery,
  type EventFilter,
  type EventPage,
  MAX_EVENT_DATA_BYTES,
  MAX_TOPIC_CHARACTERS,
  type PublishedEvent,
} from "../contract/event.ts";
import { type Poll, startPoll } from "../platform/poll.ts";
import { createDeliveries } from "./deliveries.ts";
import { createDeliveryRepository, type DeliveryRow } from "./delivery-repository.ts";
import { deliveryNotDead, deliveryNotFound, eventInvalid, eventNotFound } from "./errors.ts";
import { createEventRepository, type EventRow } from "./event-repository.ts";
import type { EventObserver, EventPorts } from "./ports.ts";

/** How often a host looks for what is due; also what another process has published meanwhile. */
const LOOK_EVERY_MS = 1_000;
/** Events whose deliveries all arrived are kept this long. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1_000;

export interface EventOrder {
  readonly tenantId: string;
  readonly topic: string;
  /** JSON text. */
  readonly data: string;
}

export type Events = ReturnType<typeof createEvents>;

/** Events of the platform on their way to the extensions that subscribe to them. Nothing moves before `start`. */
export function createEvents(ports: EventPorts) {
  const { clock, ids, installs } = ports;
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of [...listeners]) listener();
  };
  const events = createEventRepository(ports.database);
  const deliveries = createDeliveryRepository(ports.database);
  const observers = new Set<EventObserver>();
  const work = createDeliveries({ ports, events, deliveries, changed, observers });
  let poll: Poll | undefined;

  const record = ports.database.transaction((order: EventOrder): string => {
    const now = clock.now();
    const at = now.toISOString();
    const id = ids.uuid();
    events.prune(new Date(now.getTime() - KEPT_MS).toISOString());
    events.add({ id, tenant_id: order.tenantId, topic: order.topic, data: order.data, published_at: at });
    for (const { install_id, handler } of installs.subscribers(order.tenantId, order.topic)) {
      deliveries.add({ id: ids.uuid(), event_id: id, install_id, handler, at });
    }
    return id;
  });

  const revive = ports.database.transaction((id: string, tenantId: string | undefined): void => {
    const row = deliveries.get(id);
    if (row === undefined || (tenantId !== undefined && events.get(row.event_id)?.tenant_id !== tenantId))
      throw deliveryNotFound();
    if (row.state !== "dead") throw deliveryNotDead(row.state);
    deliveries.settle({
      ...row,
      state: "pending",
      attempts: 0,
      next_at: clock.now().toISOString(),
      finished_at: null,
    });
  });

  function toDelivery(row: DeliveryRow, event: EventRow): EventDelivery {
    return {
      id: row.id,
      event_id: event.id,
      topic: event.topic,
      tenant_id: event.tenant_id,
      install_id: row.install_id,
      extension_name: installs.find(row.install_id)?.extension_name ?? "",
      handler: row.handler,
      state: row.state,
      attempts: row.attempts,
      ...(row.state === "pending" && row.next_at !== null ? { next_attempt_at: row.next_at } : {}),
      ...(row.last_error === null ? {} : { last_error: row.last_error }),
      ...(row.last_execution_id === null ? {} : { last_execution_id: row.last_execution_id }),
      created_at: row.created_at,
      ...(row.finished_at === null ? {} : { finished_at: row.finished_at }),
      attempt_log: deliveries.attempts(row.id),
    };
  }

  function toEvent(row: EventRow): PublishedEvent {
    const { seq: _seq, ...event } = row;
    return { ...event, deliveries: deliveries.ofEvent(row.id).map((delivery) => toDelivery(delivery, row)) };
  }

  function get(id: string): PublishedEvent {
    const row = events.get(id);
    if (row === undefined) throw eventNotFound();
    return toEvent(row);
  }

  function delivery(id: string): EventDelivery {
    const row = deliveries.get(id);
    const event = row && events.get(row.event_id);
    if (row === undefined || event === undefined) throw deliveryNotFound();
    return toDelivery(row, event);
  }

  return {
    /** Records the event and its deliveries; a host makes them. Errors: `event_invalid`. */
    publish(order: EventOrder): PublishedEvent {
      const topic = order.topic.trim();
      checkOrder({ ...order, topic });
      const id = record.immediate({ ...order, topic });
      for (const observer of observers) observer.published();
      changed();
      poll?.wake();
      return get(id);
    },
    /** One attempt at each delivery of the event that is due, awaited. Later attempts are a running host's. */
    async deliverNow(eventId: string): Promise<PublishedEvent> {
      await work.attemptNow(deliveries.ofEvent(eventId).map(({ id }) => id));
      return get(eventId);
    },
    /** Errors: `event_not_found`. */
    get: (id: string): PublishedEvent & { data: string } => ({ ...get(id), data: events.data(id) }),
    list(filter: EventFilter): EventPage {
      const rows = events.page({ ...filter, limit: filter.limit + 1 });
      const page = rows.slice(0, filter.limit);
      const last = page.at(-1);
      return {
        items: page.map(toEvent),
        ...(rows.length > filter.limit && last !== undefined ? { next: last.seq } : {}),
      };
    },
    /** Deliveries that were given up, newest first. */
    deadLetters(tenantId?: string): EventDelivery[] {
      return deliveries
        .dead()
        .map(({ id }) => delivery(id))
        .filter(({ tenant_id }) => tenantId === undefined || tenant_id === tenantId);
    },
    /**
     * Gives a dead letter all its attempts again, the first at once.
     * Errors: `delivery_not_found`, `delivery_not_dead`.
     */
    redeliver(id: string, tenantId?: string): EventDelivery {
      revive.immediate(id, tenantId);
      changed();
      poll?.wake();
      return delivery(id);
    },
    /** Begins to deliver what is due. */
    start(): void {
      poll ??= startPoll(
        ports.timers,
        LOOK_EVERY_MS,
        () => work.look(),
        (error) => ports.logger.error({ err: error }, "event deliveries could not be looked at"),
      );
    },
    /** Told after every change that this process made. The answer ends it. */
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    observe: (observer: EventObserver): void => void observers.add(observer),
    /** Deliveries of all tenants that are not delivered. */
    counts: deliveries.counts,
    settled: () => work.settled(),
    /** Attempts under way are given up and made again by the next host. */
    async stop(): Promise<void> {
      poll?.stop();
      await work.stop();
    },
  };
}

function checkOrder({ topic, data }: EventOrder): void {
  if (topic === "" || topic.length > MAX_TOPIC_CHARACTERS || /\p{Cc}/u.test(topic) || !topic.isWellFormed())
    throw eventInvalid(`a topic of 1 to ${MAX_TOPIC_CHARACTERS} characters without control characters`);
  if (Buffer.byteLength(data) > MAX_EVENT_DATA_BYTES)
    throw eventInvalid(`data of at most ${MAX_EVENT_DATA_BYTES / 1024} KB`);
  try {
    JSON.parse(data);
  } catch {
    throw eventInvalid("data that are JSON");
  }
}
