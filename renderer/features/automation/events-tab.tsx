import { Button } from "@mantine/core";
import { useState } from "react";
import type { PublishedEvent } from "../../../core/contract/event.ts";
import { publishCommand } from "../../state/automation/command-lines.ts";
import { callerOf } from "../../state/caller.ts";
import { Command } from "../../ui/command.tsx";
import { formatMoment } from "../../ui/format.ts";
import { ListItem } from "../../ui/list-item.tsx";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import { Pane } from "../../ui/pane.tsx";
import { Segments } from "../../ui/segments.tsx";
import { Panel, Split, SplitHandle } from "../../ui/split.tsx";
import { useStore } from "../../ui/use-store.ts";
import { useAutomation } from "./automation-context.ts";
import { DeliveryList } from "./delivery-list.tsx";
import { EventDetail } from "./event-detail.tsx";
import { PublishForm } from "./publish-form.tsx";
import { DeliveryTag } from "./run-tag.tsx";

const LISTS = ["events", "dead letters"] as const;

/** Events that were published and what became of them. */
export function EventsTab() {
  const { context, state } = useAutomation();
  const { data, failure } = useStore(state.delivered);
  const [list, setList] = useState<(typeof LISTS)[number]>("events");
  const [shown, setShown] = useState<string>();
  const host = useStore(context.state.host).data;
  const choice = useStore(context.caller);
  const tenantId = host && callerOf(choice, host).tenant.id;
  const selected = data?.events.find(({ id }) => id === shown);
  return (
    <Split id="automation-events" storage={context.preferences}>
      <Panel id="events" defaultSize="40%" minSize="280px">
        <Pane
          title="Events"
          area="automation"
          facts={
            <Segments
              legend="What is listed"
              options={LISTS}
              value={list}
              onChange={(option) => setList(option)}
            />
          }
          actions={
            <Button variant="default" onClick={() => setShown(undefined)}>
              Publish…
            </Button>
          }
        >
          <div className="pane-body">
            {data === undefined &&
              (failure ? <FailureNotice failure={failure} /> : <Notice title="Loading the events…" />)}
            {data && list === "events" && data.events.length === 0 && (
              <Notice title="No event has been published yet.">
                <Command
                  text={publishCommand("ticket.created", '{"id":7}', tenantId)}
                  what="the command that publishes an event"
                />
              </Notice>
            )}
            {data && list === "events" && data.events.length > 0 && (
              <ul aria-label="Published events">
                {data.events.map((event) => (
                  <EventItem
                    key={event.id}
                    event={event}
                    isSelected={event.id === shown}
                    onSelect={() => setShown(event.id)}
                  />
                ))}
              </ul>
            )}
            {data && list === "dead letters" && data.dead.length === 0 && (
              <Notice title="No delivery has been given up.">
                <Command text="workbench event dead-letters" what="the command that lists dead letters" />
              </Notice>
            )}
            {data && list === "dead letters" && data.dead.length > 0 && (
              <div className="automation-part">
                <DeliveryList deliveries={data.dead} />
              </div>
            )}
          </div>
        </Pane>
      </Panel>
      <SplitHandle label="Size of the list and the event" />
      <Panel id="event" minSize="380px">
        {selected ? (
          <EventDetail key={selected.id} event={selected} />
        ) : (
          <Pane title="Publish an event" area="automation">
            <div className="pane-body">
              <div className="automation-part">
                <PublishForm onPublished={setShown} />
              </div>
            </div>
          </Pane>
        )}
      </Panel>
    </Split>
  );
}

interface EventItemProps {
  readonly event: PublishedEvent;
  readonly isSelected: boolean;
  onSelect(): void;
}

function EventItem({ event, isSelected, onSelect }: EventItemProps) {
  const states = [...new Set(event.deliveries.map(({ state }) => state))];
  return (
    <li>
      <ListItem name={event.topic} isSelected={isSelected} onSelect={onSelect}>
        <span className="dim">
          {formatMoment(event.published_at)} · {event.deliveries.length}{" "}
          {event.deliveries.length === 1 ? "delivery" : "deliveries"}
        </span>
        <span className="tags">
          {states.map((state) => (
            <DeliveryTag key={state} state={state} />
          ))}
        </span>
      </ListItem>
    </li>
  );
}
