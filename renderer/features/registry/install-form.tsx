import { NativeSelect, Textarea } from "@mantine/core";
import { useEffect, useState } from "react";
import type { Capability } from "../../../core/contract/capability.ts";
import type { ExtensionSummary, RpcInput } from "../../../core/contract/rpc.ts";
import { installCommand } from "../../state/registry/command-lines.ts";
import { readKeyedLines, readLines } from "../../state/registry/keyed-lines.ts";
import { createResource } from "../../state/resource.ts";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import { useStore } from "../../ui/use-store.ts";
import { Form } from "../keys/form.tsx";
import { useAction } from "../keys/use-action.ts";
import { ConsentSheet } from "./consent-sheet.tsx";
import { RefusalView } from "./refusal-view.tsx";
import { useRegistry } from "./registry-context.ts";
import { SecretLines } from "./secret-lines.tsx";

export interface InstallFormProps {
  readonly extension: ExtensionSummary;
  readonly tenantId: string;
}

/** Installs a version for a tenant, once its capabilities were consented to. */
export function InstallForm({ extension, tenantId }: InstallFormProps) {
  const { versions, latest } = extension;
  const usable = versions.filter(({ status }) => status !== "invalid");
  const [chosen, setChosen] = useState(latest);
  const version = usable.find((candidate) => candidate.version === chosen) ?? usable[0];
  if (version === undefined) {
    return (
      <Notice title="No version can be installed: all of them are invalid. Open a version's report to see why." />
    );
  }
  return (
    <>
      <NativeSelect
        label="Version"
        data={usable.map(({ version: number, status }) => ({
          value: number,
          label: status === "deprecated" ? `${number} (deprecated)` : number,
        }))}
        value={version.version}
        onChange={({ currentTarget }) => setChosen(currentTarget.value)}
      />
      <VersionInstall key={version.version_id} extension={extension} tenantId={tenantId} version={version} />
    </>
  );
}

function VersionInstall({
  extension,
  tenantId,
  version,
}: InstallFormProps & { readonly version: ExtensionSummary["versions"][number] }) {
  const { context, changed } = useRegistry();
  const [content] = useState(() =>
    createResource((signal) =>
      context.client.call("bundles.inspect", { bundle: { content_hash: version.content_hash } }, signal),
    ),
  );
  useEffect(() => void content.reload(), [content]);
  const { data, failure } = useStore(content);
  const [granted, setGranted] = useState<readonly Capability[]>();
  const [config, setConfig] = useState("");
  const [secrets, setSecrets] = useState<Readonly<Record<string, string>>>({});
  const [egress, setEgress] = useState("");
  const [installing, install] = useAction((input: RpcInput<"registry.install">, signal) =>
    context.client.call("registry.install", input, signal),
  );
  if (failure) return <FailureNotice failure={failure} />;
  if (data === undefined) return <Notice title="Reading what the version asks for…" />;
  const requested = data.manifest.capabilities;
  const grants = [...(granted ?? requested)];
  const configLines = readKeyedLines(config);
  const hosts = readLines(egress);
  const needsHosts = grants.includes("cap:http.fetch") && hosts.length === 0;
  const submit = async (): Promise<void> => {
    const answer = await install.run({
      ref: extension.registry_id,
      tenant_id: tenantId,
      version: version.version,
      grants,
      config: configLines.values,
      secrets,
      egress: hosts,
    });
    if (answer?.outcome === "installed") await changed();
  };
  return (
    <Form
      label="Install"
      submit="Grant and install"
      state={installing}
      command={installCommand(
        { name: extension.name, tenantId },
        {
          version: version.version,
          grants,
          config: configLines.values,
          secretKeys: Object.keys(secrets),
          egress: hosts,
        },
      )}
      isReady={configLines.problem === undefined}
      onSubmit={() => void submit()}
      onCancel={installing.running ? install.cancel : undefined}
    >
      <ConsentSheet name={extension.name} requested={requested} granted={grants} onChange={setGranted} />
      <Textarea
        label="Egress: hosts that it may reach, one a line"
        description={
          needsHosts
            ? "! Without a host, every request of it is refused"
            : "Subdomains included; host:port for development"
        }
        rows={2}
        value={egress}
        onChange={({ currentTarget }) => setEgress(currentTarget.value)}
        spellCheck={false}
        classNames={{ input: "mono" }}
      />
      <Textarea
        label="Config, KEY=VALUE a line"
        rows={3}
        value={config}
        error={configLines.problem}
        onChange={({ currentTarget }) => setConfig(currentTarget.value)}
        spellCheck={false}
        classNames={{ input: "mono" }}
      />
      <SecretLines keys={[]} changes={secrets} onChange={setSecrets} />
      {installing.result?.outcome === "refused" && <RefusalView refusal={installing.result.refusal} />}
    </Form>
  );
}
