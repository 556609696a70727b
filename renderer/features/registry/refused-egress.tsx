import { Button, Table } from "@mantine/core";
import { useEffect, useState } from "react";
import { type EgressRefusal, MAX_REFUSED_TARGETS_AN_INSTALL } from "../../../core/contract/egress-refusal.ts";
import type { InstallDetails } from "../../../core/contract/rpc/registry.ts";
import { egressCommand } from "../../state/registry/command-lines.ts";
import { entryFor, ruleWords } from "../../state/registry/refused-egress.ts";
import { createResource } from "../../state/resource.ts";
import { Command } from "../../ui/command.tsx";
import { formatCount, formatMoment } from "../../ui/format.ts";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import { useStore } from "../../ui/use-store.ts";
import { useAction } from "../keys/use-action.ts";
import { useRegistry } from "./registry-context.ts";

export interface RefusedEgressProps {
  readonly install: InstallDetails;
  /** Lines of the egress list as it stands in the form. */
  readonly listed: readonly string[];
  /** Puts a line on the list, which is not saved yet. */
  onAllow(entry: string): void;
}

/** Where the install wanted to send requests and was not let. */
export function RefusedEgress({ install, listed, onAllow }: RefusedEgressProps) {
  const { context } = useRegistry();
  const target = { ref: install.install_id, tenant_id: install.tenant_id };
  const [refusals] = useState(() =>
    createResource((signal) => context.client.call("registry.refusedEgress", target, signal)),
  );
  const { data, failure, loading } = useStore(refusals);
  const [forgetting, forget] = useAction((_: undefined, signal) =>
    context.client.call("registry.forgetRefusedEgress", target, signal),
  );
  const changes = useStore(context.changes);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what another window has forgotten is read again
  useEffect(() => void refusals.reload(), [refusals, changes]);
  const clear = async (): Promise<void> => {
    if (await forget.run(undefined)) await refusals.reload();
  };
  const command = { name: install.extension_name, tenantId: install.tenant_id };
  return (
    <section className="registry-section" aria-label="Refused egress">
      <h3>
        Refused{" "}
        <span className="dim">
          at most the {formatCount(MAX_REFUSED_TARGETS_AN_INSTALL)} targets refused last
        </span>
      </h3>
      {failure && <FailureNotice failure={failure} />}
      {forgetting.failure && <FailureNotice failure={forgetting.failure} />}
      {data === undefined && failure === undefined && <Notice title="Loading what was refused…" />}
      {data?.refused.length === 0 && (
        <Notice title="Nothing was refused.">
          <p>
            What <code>http.fetch</code> may not reach is listed here after the call, with the rule that
            refused it.
          </p>
          <Button variant="default" onClick={() => context.navigation.go("requests")}>
            Call it
          </Button>
          <Command text={egressCommand({ ...command, forget: false })} what="the command that lists it" />
        </Notice>
      )}
      {data !== undefined && data.refused.length > 0 && (
        <>
          <RefusedTable refused={data.refused} listed={listed} onAllow={onAllow} />
          <div className="form-actions">
            <Button variant="default" loading={loading} onClick={() => void refusals.reload()}>
              Look again
            </Button>
            <Button variant="default" loading={forgetting.running} onClick={() => void clear()}>
              Forget them
            </Button>
          </div>
          <Command text={egressCommand({ ...command, forget: false })} what="the command that lists it" />
          <Command text={egressCommand({ ...command, forget: true })} what="the command that forgets it" />
        </>
      )}
    </section>
  );
}

function RefusedTable({
  refused,
  listed,
  onAllow,
}: Pick<RefusedEgressProps, "listed" | "onAllow"> & { readonly refused: readonly EgressRefusal[] }) {
  const { context } = useRegistry();
  return (
    <Table.ScrollContainer minWidth={640} type="native">
      <Table aria-label="Refused targets">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Host</Table.Th>
            <Table.Th ta="right">Port</Table.Th>
            <Table.Th>Refused because</Table.Th>
            <Table.Th ta="right">Times</Table.Th>
            <Table.Th>Last</Table.Th>
            <Table.Th>Actions</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {refused.map((target) => {
            const { host, port, rule, count, last_at, last_execution_id } = target;
            const entry = entryFor(target);
            return (
              <Table.Tr key={`${rule} ${port} ${host}`}>
                <Table.Td className="mono refused-host">{host || "–"}</Table.Td>
                <Table.Td ta="right">{port === 0 ? "–" : port}</Table.Td>
                <Table.Td>
                  {ruleWords(rule)} <code>{rule}</code>
                </Table.Td>
                <Table.Td ta="right" className="no-wrap">
                  {formatCount(count)}
                </Table.Td>
                <Table.Td className="no-wrap" title={last_at}>
                  {formatMoment(last_at)}
                </Table.Td>
                <Table.Td>
                  <div className="version-actions">
                    {last_execution_id !== "" && (
                      <Button
                        variant="subtle"
                        size="compact-xs"
                        aria-label={`Open the last execution that wanted ${host || "it"}`}
                        onClick={() => context.navigation.go("executions", { execution: last_execution_id })}
                      >
                        Execution
                      </Button>
                    )}
                    {entry !== undefined && !listed.includes(entry) && (
                      <Button
                        variant="subtle"
                        size="compact-xs"
                        aria-label={`Put ${entry} on the list`}
                        onClick={() => onAllow(entry)}
                      >
                        Put on the list
                      </Button>
                    )}
                  </div>
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
