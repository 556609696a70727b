import { Switch, Table } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useState } from "react";
import type { HostState } from "../../../core/contract/rpc.ts";
import { type ClientFailure, failureOf } from "../../state/failure.ts";
import { Command } from "../../ui/command.tsx";
import { FailureNotice } from "../../ui/notice.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";

/** Who is served here, and whether a signature is asked for. */
export function TenantsSection({ context }: { readonly context: WindowContext }) {
  const { data } = useStore(context.state.host);
  const [failure, setFailure] = useState<ClientFailure>();
  const [busy, setBusy] = useState<string>();
  if (data === undefined) return <p className="dim">Loading…</p>;

  const setPolicy = async (tenant: HostState["tenant"], policy: "refuse" | "allow"): Promise<void> => {
    setBusy(tenant.id);
    try {
      await context.client.call("settings.unsigned_policy", { tenant_id: tenant.id, policy });
      setFailure(undefined);
      context.state.refresh();
    } catch (error) {
      setFailure(failureOf(error));
    } finally {
      setBusy(undefined);
    }
  };

  return (
    <>
      {failure && <FailureNotice failure={failure} />}
      <Table className="settings-table" aria-label="Tenants">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Tenant</Table.Th>
            <Table.Th>Id</Table.Th>
            <Table.Th>Kind</Table.Th>
            <Table.Th>Unsigned bundles</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {data.tenants.map((tenant) => (
            <Table.Tr key={tenant.id}>
              <Table.Td>{tenant.name}</Table.Td>
              <Table.Td className="mono">{tenant.id}</Table.Td>
              <Table.Td>
                {tenant.is_development ? <Tag tone="accent">development</Tag> : "production"}
              </Table.Td>
              <Table.Td>
                {tenant.is_development ? (
                  <Switch
                    label={tenant.unsigned_policy === "allow" ? "accepted" : "refused"}
                    aria-label={`Accept unsigned bundles for ${tenant.name}`}
                    checked={tenant.unsigned_policy === "allow"}
                    disabled={busy === tenant.id}
                    onChange={(event) =>
                      void setPolicy(tenant, event.currentTarget.checked ? "allow" : "refuse")
                    }
                  />
                ) : (
                  "refused"
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {data.tenants
        .filter(({ is_development }) => is_development)
        .map(({ id, unsigned_policy }) => (
          <Command
            key={id}
            text={`workbench tenants unsigned ${unsigned_policy === "allow" ? "refuse" : "allow"} --tenant ${id}`}
            what="the command that switches it"
          />
        ))}
      <p className="settings-warning">
        <IconAlertTriangle size={15} aria-hidden />
        <span>
          While a tenant accepts unsigned bundles, nothing says who wrote what it runs. Only a development
          tenant can, and what was installed that way stops the moment this is switched off.
        </span>
      </p>
    </>
  );
}
