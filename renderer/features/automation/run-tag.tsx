import type { EventDelivery } from "../../../core/contract/event.ts";
import type { ScheduleRun } from "../../../core/contract/schedule.ts";
import { Tag, type Tone } from "../../ui/tag.tsx";

const RUNS: Record<ScheduleRun["outcome"], readonly [Tone, string]> = {
  running: ["accent", "▸ running"],
  succeeded: ["ok", "✓ succeeded"],
  failed: ["bad", "✕ failed"],
  skipped: ["plain", "– skipped"],
  interrupted: ["warn", "! interrupted"],
};

const DELIVERIES: Record<EventDelivery["state"], readonly [Tone, string]> = {
  pending: ["warn", "… waiting"],
  delivering: ["accent", "▸ delivering"],
  delivered: ["ok", "✓ delivered"],
  dead: ["bad", "✕ dead letter"],
};

export function RunTag({ outcome }: { readonly outcome: ScheduleRun["outcome"] }) {
  const [tone, text] = RUNS[outcome];
  return <Tag tone={tone}>{text}</Tag>;
}

export function DeliveryTag({ state }: { readonly state: EventDelivery["state"] }) {
  const [tone, text] = DELIVERIES[state];
  return <Tag tone={tone}>{text}</Tag>;
}
