import { useEffect, useState } from "react";
import type { PublishedEvent } from "../../../core/contract/event.ts";
import { createResource } from "../../state/resource.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { formatBytes, formatMoment } from "../../ui/format.ts";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import { Pane } from "../../ui/pane.tsx";
import { ScrollRegion } from "../../ui/scroll-region.tsx";
import { useStore } from "../../ui/use-store.ts";
import { useAutomation } from "./automation-context.ts";
import { DeliveryList } from "./delivery-list.tsx";

/** One event with its data and every attempt to deliver it. Mount it anew for another. */
export function EventDetail({ event }: { readonly event: PublishedEvent }) {
  const { context } = useAutomation();
  const [resource] = useState(() =>
    createResource((signal) => context.client.call("events.get", { id: event.id }, signal)),
  );
  useEffect(() => void resource.reload(), [resource]);
  const { data, failure } = useStore(resource);
  return (
    <Pane title={event.topic} area="automation">
      <div className="pane-body">
        <div className="automation-part">
          <Facts>
            <Fact name="published">
              <time dateTime={event.published_at}>{formatMoment(event.published_at)}</time>
            </Fact>
            <Fact name="event id">
              <span className="mono">{event.id}</span>
              <CopyButton text={event.id} what="the event id" />
            </Fact>
            <Fact name="data">{formatBytes(event.data_bytes)}</Fact>
          </Facts>
          {failure && <FailureNotice failure={failure} />}
          {data && (
            <ScrollRegion className="automation-data mono" aria-label="Data of the event">
              {data.data}
            </ScrollRegion>
          )}
          <h3>Deliveries</h3>
          {event.deliveries.length === 0 ? (
            <Notice title="No enabled install subscribed to the topic when it was published." />
          ) : (
            <DeliveryList deliveries={event.deliveries} />
          )}
        </div>
      </div>
    </Pane>
  );
}
