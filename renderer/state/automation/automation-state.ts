import type { EventDelivery, PublishedEvent } from "../../../core/contract/event.ts";
import type { Schedule } from "../../../core/contract/schedule.ts";
import type { RpcClient } from "../../client.ts";
import { createResource, type Resource } from "../resource.ts";
import { createStore, type Store } from "../store.ts";

/** Events of the newest page; older ones are the command line's. */
const SHOWN_EVENTS = 100;

export interface Delivered {
  readonly events: readonly PublishedEvent[];
  readonly dead: readonly EventDelivery[];
}

export type ShownSchedule =
  | { readonly kind: "schedule"; readonly id: string }
  | { readonly kind: "new"; readonly installId?: string | undefined };

export interface AutomationState {
  readonly schedules: Resource<readonly Schedule[]>;
  readonly delivered: Resource<Delivered>;
  readonly shown: Store<ShownSchedule | undefined>;
  /** Counts the host's changes: what is shown in detail is read again with each. */
  readonly revision: Store<number>;
  /** Reads everything, and again whenever the host says that something changed. The answer ends it. */
  follow(): () => void;
}

export function createAutomationState(client: RpcClient): AutomationState {
  const revision = createStore(0);
  const schedules = createResource(
    async (signal) => (await client.call("schedules.list", {}, signal)).schedules,
  );
  const delivered = createResource(async (signal): Promise<Delivered> => {
    const [page, dead] = await Promise.all([
      client.call("events.list", { limit: SHOWN_EVENTS }, signal),
      client.call("events.dead_letters", {}, signal),
    ]);
    return { events: page.items, dead: dead.items };
  });
  return {
    schedules,
    delivered,
    shown: createStore<ShownSchedule | undefined>(undefined),
    revision,
    follow() {
      const reload = (): void => {
        revision.update((count) => count + 1);
        void schedules.reload();
        void delivered.reload();
      };
      return client.subscribe("automation.changes", {}, { onEvent: reload, onState: () => {} });
    },
  };
}
