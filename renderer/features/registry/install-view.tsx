import { Button, Checkbox, Tabs } from "@mantine/core";
import { useEffect, useState } from "react";
import type { InstalledExtension } from "../../../core/contract/install.ts";
import type { InstallDetails } from "../../../core/contract/rpc/registry.ts";
import type { ExtensionSummary } from "../../../core/contract/rpc.ts";
import { targetCommand } from "../../state/registry/command-lines.ts";
import { updateFor } from "../../state/registry/registry-state.ts";
import { createResource } from "../../state/resource.ts";
import { Command } from "../../ui/command.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { formatCount } from "../../ui/format.ts";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useStore } from "../../ui/use-store.ts";
import { Form } from "../keys/form.tsx";
import { useAction } from "../keys/use-action.ts";
import { useRegistry } from "./registry-context.ts";
import { ConfigForm, EgressForm, GrantsForm, SecretsForm } from "./settings-forms.tsx";
import { UpdateForm } from "./update-form.tsx";

export interface InstallViewProps {
  readonly extension: ExtensionSummary;
  readonly install: InstalledExtension;
}

/** One install: its state and its settings, each changed by itself. Mount it anew for another one. */
export function InstallView({ extension, install }: InstallViewProps) {
  const { context } = useRegistry();
  const target = { ref: install.install_id, tenant_id: install.tenant_id };
  const [details] = useState(() =>
    createResource((signal) => context.client.call("registry.details", target, signal)),
  );
  const { data, failure } = useStore(details);
  // biome-ignore lint/correctness/useExhaustiveDependencies: an install that changed elsewhere is read again
  useEffect(() => void details.reload(), [details, install.updated_at, install.version_id]);
  if (data === undefined) {
    return failure ? <FailureNotice failure={failure} /> : <Notice title="Loading the install…" />;
  }
  const stamp = data.updated_at + data.version_id;
  const next = updateFor(extension, install);
  return (
    <>
      <StatePart install={data} />
      <Tabs defaultValue={next ? "update" : "grants"} keepMounted={false}>
        <Tabs.List aria-label="Settings of the install">
          <Tabs.Tab value="update">Update{next && ` to ${next}`}</Tabs.Tab>
          <Tabs.Tab value="grants">Grants</Tabs.Tab>
          <Tabs.Tab value="config">Config</Tabs.Tab>
          <Tabs.Tab value="secrets">Secrets</Tabs.Tab>
          <Tabs.Tab value="egress">Egress</Tabs.Tab>
          <Tabs.Tab value="limits">Limits</Tabs.Tab>
          <Tabs.Tab value="uninstall">Uninstall</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="update" className="registry-setting">
          <UpdateForm key={stamp} extension={extension} install={data} />
        </Tabs.Panel>
        <Tabs.Panel value="grants" className="registry-setting">
          <GrantsForm key={stamp} install={data} />
        </Tabs.Panel>
        <Tabs.Panel value="config" className="registry-setting">
          <ConfigForm key={stamp} install={data} />
        </Tabs.Panel>
        <Tabs.Panel value="secrets" className="registry-setting">
          <SecretsForm key={stamp} install={data} />
        </Tabs.Panel>
        <Tabs.Panel value="egress" className="registry-setting">
          <EgressForm key={stamp} install={data} />
        </Tabs.Panel>
        <Tabs.Panel value="limits" className="registry-setting">
          <p>Its limits, what is used of them, and profiles of them are on a screen of their own.</p>
          <div className="form-actions">
            <Button
              variant="default"
              onClick={() => context.navigation.go("quotas", { install: install.install_id })}
            >
              Open Quotas
            </Button>
          </div>
        </Tabs.Panel>
        <Tabs.Panel value="uninstall" className="registry-setting">
          <UninstallForm install={data} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function StatePart({ install }: { readonly install: InstallDetails }) {
  const { context, changed } = useRegistry();
  const [switching, change] = useAction((enabled: boolean, signal) =>
    context.client.call(
      "registry.enable",
      { ref: install.install_id, tenant_id: install.tenant_id, enabled },
      signal,
    ),
  );
  const toggle = async (): Promise<void> => {
    if (await change.run(!install.enabled)) await changed();
  };
  const verb = install.enabled ? "disable" : "enable";
  return (
    <section className="registry-section" aria-label="State">
      <span className="tags">
        {install.version_status === "invalid" && <Tag tone="bad">✕ {install.invalid_code ?? "invalid"}</Tag>}
        {!install.signed && <Tag tone="warn">! unsigned</Tag>}
        {install.enabled ? <Tag tone="ok">✓ enabled</Tag> : <Tag tone="plain">– disabled</Tag>}
      </span>
      <Facts>
        <Fact name="version">{install.version}</Fact>
        <Fact name="install id">
          <span className="mono">{install.install_id}</span>
          <CopyButton text={install.install_id} what="the install id" />
        </Fact>
        {install.subscriptions.length > 0 && (
          <Fact name="events">{install.subscriptions.map(({ topic }) => topic).join(", ")}</Fact>
        )}
      </Facts>
      {switching.failure && <FailureNotice failure={switching.failure} />}
      <div className="form-actions">
        <Button variant="default" loading={switching.running} onClick={() => void toggle()}>
          {install.enabled ? "Disable" : "Enable"}
        </Button>
        <Button
          variant="default"
          onClick={() => {
            context.state.select(install.install_id);
            context.navigation.go("requests");
          }}
        >
          Call it
        </Button>
        <Button
          variant="default"
          onClick={() => context.navigation.go("automation", { install: install.install_id })}
        >
          Schedule it
        </Button>
      </div>
      <Command
        text={targetCommand(verb, { name: install.extension_name, tenantId: install.tenant_id })}
        what="the command that does the same"
      />
    </section>
  );
}

const HOLDINGS = [
  ["config", "config value", "config values"],
  ["secrets", "secret", "secrets"],
  ["storage", "stored record", "stored records"],
  ["schedules", "schedule", "schedules"],
  ["subscriptions", "event subscription", "event subscriptions"],
] as const;

function UninstallForm({ install }: { readonly install: InstallDetails }) {
  const { context, changed } = useRegistry();
  const [isSure, setSure] = useState(false);
  const [removing, remove] = useAction((_: undefined, signal) =>
    context.client.call(
      "registry.uninstall",
      { ref: install.install_id, tenant_id: install.tenant_id },
      signal,
    ),
  );
  const goes = HOLDINGS.filter(([name]) => install.holdings[name] > 0).map(
    ([name, one, many]) =>
      `${formatCount(install.holdings[name])} ${install.holdings[name] === 1 ? one : many}`,
  );
  const submit = async (): Promise<void> => {
    if (await remove.run(undefined)) await changed();
  };
  return (
    <Form
      label="Uninstall"
      submit="Uninstall"
      state={removing}
      command={targetCommand("uninstall", { name: install.extension_name, tenantId: install.tenant_id })}
      isReady={isSure}
      isDangerous
      onSubmit={() => void submit()}
    >
      <p>
        {goes.length === 0
          ? "Nothing is stored with this install. Its published versions, executions and logs stay."
          : `With the install go for good: ${goes.join(", ")}. Its published versions, executions and logs stay.`}
      </p>
      <Checkbox
        label={`Uninstall ${install.extension_name} for this tenant`}
        checked={isSure}
        onChange={({ currentTarget }) => setSure(currentTarget.checked)}
      />
    </Form>
  );
}
