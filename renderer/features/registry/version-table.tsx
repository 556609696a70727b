import { Button, Table } from "@mantine/core";
import type { ExtensionSummary, RpcInput } from "../../../core/contract/rpc.ts";
import { commandLine } from "../../state/command-line.ts";
import { formatDate } from "../../state/keys/expiry.ts";
import { Command } from "../../ui/command.tsx";
import { formatBytes, shortHash } from "../../ui/format.ts";
import { FailureNotice } from "../../ui/notice.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useAction } from "../keys/use-action.ts";
import { useRegistry } from "./registry-context.ts";

type Version = ExtensionSummary["versions"][number];

export interface VersionTableProps {
  readonly extension: ExtensionSummary;
  onOpen(versionId: string): void;
}

export function VersionTable({ extension, onOpen }: VersionTableProps) {
  const { context, changed } = useRegistry();
  const [deprecation, deprecate] = useAction((input: RpcInput<"registry.deprecate">, signal) =>
    context.client.call("registry.deprecate", input, signal),
  );
  const mark = async (input: { version?: string; undo: boolean }): Promise<void> => {
    if (await deprecate.run({ ref: extension.registry_id, ...input })) await changed();
  };
  return (
    <>
      {deprecation.failure && <FailureNotice failure={deprecation.failure} />}
      <Table.ScrollContainer minWidth={600} type="native">
        <Table aria-label="Versions">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Version</Table.Th>
              <Table.Th>Status</Table.Th>
              <Table.Th>Signer</Table.Th>
              <Table.Th>Hash</Table.Th>
              <Table.Th ta="right">Size</Table.Th>
              <Table.Th>Published</Table.Th>
              <Table.Th>Actions</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {extension.versions.map((version) => (
              <Table.Tr key={version.version_id} data-failed={version.status === "invalid"}>
                <Table.Td>
                  <button type="button" className="row-name" onClick={() => onOpen(version.version_id)}>
                    {version.version}
                  </button>
                </Table.Td>
                <Table.Td>
                  <VersionStatus version={version} />
                </Table.Td>
                <Table.Td>{version.signer?.subject ?? <Tag tone="warn">! unsigned</Tag>}</Table.Td>
                <Table.Td className="mono no-wrap" title={version.content_hash}>
                  {shortHash(version.content_hash)}
                </Table.Td>
                <Table.Td ta="right" className="no-wrap">
                  {formatBytes(version.size)}
                </Table.Td>
                <Table.Td className="no-wrap">{formatDate(version.created_at)}</Table.Td>
                <Table.Td>
                  <div className="version-actions">
                    <Button
                      variant="subtle"
                      size="compact-xs"
                      aria-label={`Open the bundle of ${version.version}`}
                      onClick={() => onOpen(version.version_id)}
                    >
                      {version.status === "invalid" ? "Report" : "Bundle"}
                    </Button>
                    {version.status !== "invalid" && (
                      <Button
                        variant="subtle"
                        size="compact-xs"
                        disabled={deprecation.running}
                        aria-label={`${version.status === "deprecated" ? "Recommend" : "Deprecate"} ${version.version}`}
                        onClick={() =>
                          void mark({ version: version.version, undo: version.status === "deprecated" })
                        }
                      >
                        {version.status === "deprecated" ? "Recommend again" : "Deprecate"}
                      </Button>
                    )}
                  </div>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <div className="registry-part">
        <div className="form-actions">
          <Button
            variant="default"
            disabled={deprecation.running}
            onClick={() => void mark({ undo: extension.deprecated })}
          >
            {extension.deprecated ? "Recommend the extension again" : "Deprecate the whole extension"}
          </Button>
        </div>
        <Command
          text={commandLine([
            "workbench",
            "deprecate",
            extension.name,
            ...(extension.deprecated ? ["--undo"] : []),
          ])}
          what="the command that does the same"
        />
        <p className="dim">
          A deprecated version keeps working where it is installed, and is no longer chosen by itself.
        </p>
      </div>
    </>
  );
}

export function VersionStatus({ version }: { readonly version: Version }) {
  if (version.status === "invalid") return <Tag tone="bad">✕ {version.invalid_code ?? "invalid"}</Tag>;
  if (version.status === "deprecated") return <Tag tone="warn">! deprecated</Tag>;
  return <Tag tone="ok">✓ valid</Tag>;
}
