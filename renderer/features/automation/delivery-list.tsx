import { Button, Table } from "@mantine/core";
import type { EventDelivery } from "../../../core/contract/event.ts";
import { redeliverCommand } from "../../state/automation/command-lines.ts";
import { Command } from "../../ui/command.tsx";
import { formatMoment, formatTime } from "../../ui/format.ts";
import { FailureNotice } from "../../ui/notice.tsx";
import { useAction } from "../keys/use-action.ts";
import { useAutomation } from "./automation-context.ts";
import { ExecutionLink } from "./execution-link.tsx";
import { DeliveryTag } from "./run-tag.tsx";

/** Deliveries with all their attempts; a dead one can be sent on its way again. */
export function DeliveryList({ deliveries }: { readonly deliveries: readonly EventDelivery[] }) {
  return (
    <>
      {deliveries.map((delivery) => (
        <Delivery key={delivery.id} delivery={delivery} />
      ))}
    </>
  );
}

function Delivery({ delivery }: { readonly delivery: EventDelivery }) {
  const { context } = useAutomation();
  const [redelivering, redeliver] = useAction((_: undefined, signal) =>
    context.client.call(
      "events.redeliver",
      { tenant_id: delivery.tenant_id, delivery_id: delivery.id },
      signal,
    ),
  );
  const of = `${delivery.topic} to ${delivery.extension_name} (${delivery.handler})`;
  return (
    <section className="automation-delivery" aria-label={`Delivery of ${of}`}>
      <p className="tags">
        <DeliveryTag state={delivery.state} />
        <strong>{delivery.topic}</strong> → {delivery.extension_name}
        <span className="mono">{delivery.handler}</span>
        {delivery.next_attempt_at && (
          <span className="dim">again at {formatTime(delivery.next_attempt_at)}</span>
        )}
      </p>
      {delivery.last_error && <p>{delivery.last_error}</p>}
      {delivery.attempt_log.length > 0 && (
        <Table.ScrollContainer minWidth={340} type="native">
          <Table aria-label={`Attempts to deliver ${of}`}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Attempt</Table.Th>
                <Table.Th>Started</Table.Th>
                <Table.Th>Result</Table.Th>
                <Table.Th>Execution</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {delivery.attempt_log.map((attempt) => (
                <Table.Tr key={attempt.started_at + String(attempt.attempt)}>
                  <Table.Td>{attempt.attempt}</Table.Td>
                  <Table.Td className="no-wrap">
                    <time dateTime={attempt.started_at}>{formatMoment(attempt.started_at)}</time>
                  </Table.Td>
                  <Table.Td>
                    {attempt.code ?? (attempt.finished_at ? `answered ${attempt.status}` : "under way")}
                  </Table.Td>
                  <Table.Td>
                    <ExecutionLink id={attempt.execution_id} of={`of attempt ${attempt.attempt}`} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {redelivering.failure && <FailureNotice failure={redelivering.failure} />}
      {delivery.state === "dead" && (
        <>
          <Button
            variant="default"
            size="compact-sm"
            loading={redelivering.running}
            aria-label={`Redeliver ${of}`}
            onClick={() => void redeliver.run(undefined)}
          >
            Redeliver
          </Button>
          <Command text={redeliverCommand(delivery.id)} what="the command that redelivers it" />
        </>
      )}
    </section>
  );
}
