import type { EventDelivery, PublishedEvent } from "../../contract/event.ts";
import { type RegisterCommand, withCommonOptions } from "../context.ts";
import { textOf } from "../data-option.ts";
import { parsePositive } from "../options.ts";
import { oneLine, table } from "../text.ts";

interface PublishOptions {
  data?: string;
  tenant?: string;
  deliver: boolean;
}

interface ListOptions {
  topic?: string;
  tenant?: string;
  limit: number;
  cursor?: number;
}

export const registerEvent: RegisterCommand = (program, contextOf) => {
  const group = withCommonOptions(program.command("event"))
    .description("publish events to the extensions that subscribe to them")
    .addHelpText("after", "\nExample:\n  workbench event publish ticket.created --data '{\"id\":7}'");

  const publish = group
    .command("publish")
    .description("publish an event and try once to deliver it; a running host makes the later attempts")
    .argument("<topic>", "topic, as manifests subscribe to it")
    .option("--data <json>", "the event's data (@FILE reads a file, @- standard input; default: null)")
    .option("--tenant <id>", "tenant whose installs hear of it (default: the development tenant)")
    .option("--no-deliver", "only record it, and leave every attempt to a running host")
    .addHelpText("after", "\nExample:\n  workbench event publish ticket.created --data '{\"id\":7}'");
  withCommonOptions(publish).action(async (topic: string, options: PublishOptions) => {
    const context = contextOf(publish);
    const data = options.data === undefined ? "null" : await textOf(context, options.data);
    await context.withWorkbench(async (workbench) => {
      const { events } = workbench.automation;
      const tenantId = workbench.tenantId(options.tenant);
      let event = events.publish({ tenantId, topic, data });
      if (options.deliver && event.deliveries.length > 0) {
        await workbench.runner.start();
        event = await events.deliverNow(event.id);
      }
      context.answer.result(event, () =>
        event.deliveries.length === 0
          ? `Published ${event.id}. No enabled install subscribes to ${oneLine(topic)}.`
          : `Published ${event.id}\n${deliveryTable(event.deliveries)}`,
      );
    });
  });

  const list = group
    .command("list")
    .description("list published events with their deliveries, newest first")
    .option("--topic <topic>", "only this topic")
    .option("--tenant <id>", "only this tenant")
    .option("--limit <n>", "events in a page", parsePositive, 50)
    .option("--cursor <next>", "continue where the last page ended", parsePositive)
    .addHelpText("after", "\nExample:\n  workbench event list --topic ticket.created");
  withCommonOptions(list).action(async (options: ListOptions) => {
    const context = contextOf(list);
    await context.withWorkbench(async (workbench) => {
      const page = workbench.automation.events.list({
        limit: options.limit,
        ...(options.topic === undefined ? {} : { topic: options.topic }),
        ...(options.tenant === undefined ? {} : { tenant_id: options.tenant }),
        ...(options.cursor === undefined ? {} : { cursor: options.cursor }),
      });
      context.answer.result(page, () =>
        table(
          ["published", "topic", "deliveries", "id"],
          page.items.map((event) => [event.published_at, event.topic, statesOf(event), event.id]),
        ),
      );
    });
  });

  const dead = group
    .command("dead-letters")
    .description("list deliveries that were given up, newest first")
    .option("--tenant <id>", "only this tenant")
    .addHelpText("after", "\nExample:\n  workbench event dead-letters");
  withCommonOptions(dead).action(async (options: { tenant?: string }) => {
    const context = contextOf(dead);
    await context.withWorkbench(async (workbench) => {
      const items = workbench.automation.events.deadLetters(options.tenant);
      context.answer.result({ items }, () => deliveryTable(items));
    });
  });

  const redeliver = group
    .command("redeliver")
    .description("give a dead letter all its attempts again, the first one now")
    .argument("<delivery>", "id of the delivery")
    .addHelpText("after", "\nExample:\n  workbench event redeliver 0b2f6c1e-…");
  withCommonOptions(redeliver).action(async (id: string) => {
    const context = contextOf(redeliver);
    await context.withWorkbench(async (workbench) => {
      const { events } = workbench.automation;
      const revived = events.redeliver(id);
      await workbench.runner.start();
      const event = await events.deliverNow(revived.event_id);
      const delivery = event.deliveries.find((candidate) => candidate.id === id) ?? revived;
      context.answer.result(delivery, () => deliveryTable([delivery]));
    });
  });
};

function deliveryTable(deliveries: readonly EventDelivery[]): string {
  return table(
    ["topic", "extension", "handler", "state", "attempts", "why", "delivery"],
    deliveries.map((delivery) => [
      delivery.topic,
      delivery.extension_name,
      delivery.handler,
      delivery.state,
      String(delivery.attempts),
      delivery.last_error ?? "",
      delivery.id,
    ]),
  );
}

function statesOf({ deliveries }: PublishedEvent): string {
  const counts = new Map<string, number>();
  for (const { state } of deliveries) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].map(([state, count]) => `${count} ${state}`).join(", ") || "none";
}
