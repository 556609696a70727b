import { NativeSelect } from "@mantine/core";
import { useEffect, useState } from "react";
import type { Capability } from "../../../core/contract/capability.ts";
import type { InstallDetails } from "../../../core/contract/rpc/registry.ts";
import type { ExtensionSummary, RpcInput } from "../../../core/contract/rpc.ts";
import { updateCommand } from "../../state/registry/command-lines.ts";
import { updateFor } from "../../state/registry/registry-state.ts";
import { createResource } from "../../state/resource.ts";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import { useStore } from "../../ui/use-store.ts";
import { Form } from "../keys/form.tsx";
import { useAction } from "../keys/use-action.ts";
import { ConsentSheet } from "./consent-sheet.tsx";
import { RefusalView } from "./refusal-view.tsx";
import { useRegistry } from "./registry-context.ts";

type Version = ExtensionSummary["versions"][number];

export interface UpdateFormProps {
  readonly extension: ExtensionSummary;
  readonly install: InstallDetails;
}

/** Moves the install to another version; what that newly asks for waits for consent. */
export function UpdateForm({ extension, install }: UpdateFormProps) {
  const others = extension.versions.filter(
    ({ version, status }) => version !== install.version && status !== "invalid",
  );
  const [chosen, setChosen] = useState(updateFor(extension, install));
  const version = others.find((candidate) => candidate.version === chosen) ?? others[0];
  if (version === undefined) return <p className="dim">There is no other version that could be installed.</p>;
  return (
    <>
      <NativeSelect
        label="Version"
        data={others.map(({ version: number, status }) => ({
          value: number,
          label: status === "deprecated" ? `${number} (deprecated)` : number,
        }))}
        value={version.version}
        onChange={({ currentTarget }) => setChosen(currentTarget.value)}
      />
      <ToVersion key={version.version_id} extension={extension} install={install} version={version} />
    </>
  );
}

function ToVersion({ extension, install, version }: UpdateFormProps & { readonly version: Version }) {
  const { context, changed } = useRegistry();
  const [content] = useState(() =>
    createResource((signal) =>
      context.client.call("bundles.inspect", { bundle: { content_hash: version.content_hash } }, signal),
    ),
  );
  useEffect(() => void content.reload(), [content]);
  const { data, failure } = useStore(content);
  const [granted, setGranted] = useState<readonly Capability[]>();
  const [updating, update] = useAction((input: RpcInput<"registry.update">, signal) =>
    context.client.call("registry.update", input, signal),
  );
  if (failure) return <FailureNotice failure={failure} />;
  if (data === undefined) return <Notice title="Reading what the version asks for…" />;
  const requested = data.manifest.capabilities;
  const kept = install.granted_capabilities.filter((capability) => requested.includes(capability));
  const fresh = requested.filter((capability) => !install.manifest.capabilities.includes(capability));
  const grants = [...(granted ?? kept)];
  const submit = async (): Promise<void> => {
    const answer = await update.run({
      ref: install.install_id,
      tenant_id: install.tenant_id,
      version: version.version,
      grants,
    });
    if (answer?.outcome === "installed") await changed();
  };
  return (
    <Form
      label="Update"
      submit={`Update to ${version.version}`}
      state={updating}
      command={updateCommand(
        { name: extension.name, tenantId: install.tenant_id },
        { version: version.version, grants },
      )}
      onSubmit={() => void submit()}
      onCancel={updating.running ? update.cancel : undefined}
    >
      <ConsentSheet
        name={`${extension.name} ${version.version}`}
        requested={requested}
        granted={grants}
        fresh={fresh}
        onChange={setGranted}
      />
      {updating.result?.outcome === "refused" && <RefusalView refusal={updating.result.refusal} />}
    </Form>
  );
}
