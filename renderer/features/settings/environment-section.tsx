import { Table } from "@mantine/core";
import type { HostSettings } from "../../../core/contract/rpc/settings.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";

const BOX_WORDS: Readonly<Record<string, string>> = {
  "key-file": "a key file in the data folder",
  passphrase: "a passphrase (WORKBENCH_PASSPHRASE)",
  "safe-storage": "the system's keychain",
};

/** What the host was started with. It is read once: a change needs another start. */
export function EnvironmentSection({ settings }: { readonly settings: HostSettings }) {
  return (
    <>
      <Facts>
        <Fact name="data folder">
          <span className="mono">{settings.home}</span>{" "}
          <CopyButton text={settings.home} what="the data folder" />
        </Fact>
        <Fact name="keys and secrets">sealed by {BOX_WORDS[settings.box_kind] ?? settings.box_kind}</Fact>
      </Facts>
      <Table className="settings-table" aria-label="Environment variables">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Variable</Table.Th>
            <Table.Th>Value</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {settings.environment.map(({ name, value }) => (
            <Table.Tr key={name}>
              <Table.Td className="mono">{name}</Table.Td>
              <Table.Td>
                {value === undefined ? (
                  <span className="dim">not set</span>
                ) : (
                  <span className="mono">{value}</span>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <p className="dim">Read when the host starts: set a variable and start it again to change one.</p>
    </>
  );
}
