import { NativeSelect, Tabs } from "@mantine/core";
import { useId, useState } from "react";
import type { InstalledExtension } from "../../../core/contract/install.ts";
import type { ExtensionSummary } from "../../../core/contract/rpc.ts";
import { callerOf } from "../../state/caller.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useStore } from "../../ui/use-store.ts";
import { BundleView } from "./bundle-view.tsx";
import { InstallForm } from "./install-form.tsx";
import { InstallView } from "./install-view.tsx";
import { useRegistry } from "./registry-context.ts";
import { VersionTable } from "./version-table.tsx";

export interface ExtensionViewProps {
  readonly extension: ExtensionSummary;
  readonly installs: readonly InstalledExtension[];
}

/** One extension: its versions, what is in each, and its install for a tenant. Mount it anew for another one. */
export function ExtensionView({ extension, installs }: ExtensionViewProps) {
  const heading = useId();
  const [tab, setTab] = useState<string | null>("versions");
  const [versionId, setVersionId] = useState<string>();
  const version =
    extension.versions.find(({ version_id }) => version_id === versionId) ?? extension.versions[0];
  return (
    <section className="registry-pane" aria-labelledby={heading}>
      <header className="pane-head">
        <h2 id={heading}>{extension.display_name ?? extension.name}</h2>
        <span className="mono">{extension.name}</span>
        <span>{extension.publisher}</span>
        {extension.deprecated && <Tag tone="warn">! deprecated</Tag>}
        <div className="pane-actions">
          <CopyButton text={extension.registry_id} what="the registry id" />
        </div>
      </header>
      {extension.description && <p className="registry-description">{extension.description}</p>}
      <Tabs value={tab} onChange={setTab} keepMounted={false} className="registry-tabs">
        <Tabs.List aria-label={`About ${extension.name}`}>
          <Tabs.Tab value="versions">Versions</Tabs.Tab>
          <Tabs.Tab value="bundle">Bundle{version && ` ${version.version}`}</Tabs.Tab>
          <Tabs.Tab value="install">Install</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="versions" className="registry-tab-panel">
          <VersionTable
            extension={extension}
            onOpen={(id) => {
              setVersionId(id);
              setTab("bundle");
            }}
          />
        </Tabs.Panel>
        <Tabs.Panel value="bundle" className="registry-tab-panel">
          {version ? (
            <BundleView key={version.version_id} extension={extension} version={version} />
          ) : (
            <Notice title="There is no version." />
          )}
        </Tabs.Panel>
        <Tabs.Panel value="install" className="registry-tab-panel">
          <TenantInstall extension={extension} installs={installs} />
        </Tabs.Panel>
      </Tabs>
    </section>
  );
}

function TenantInstall({ extension, installs }: ExtensionViewProps) {
  const { context } = useRegistry();
  const host = useStore(context.state.host).data;
  const choice = useStore(context.caller);
  const [chosen, setTenant] = useState<string>();
  if (host === undefined) return <Notice title="Loading the tenants…" />;
  const tenantId = chosen ?? callerOf(choice, host).tenant.id;
  const install = installs.find(({ tenant_id }) => tenant_id === tenantId);
  return (
    <div className="registry-part">
      {host.tenants.length > 1 && (
        <NativeSelect
          label="Tenant"
          data={host.tenants.map(({ id, name }) => ({ value: id, label: name }))}
          value={tenantId}
          onChange={({ currentTarget }) => setTenant(currentTarget.value)}
        />
      )}
      {install ? (
        <InstallView key={install.install_id} extension={extension} install={install} />
      ) : (
        <InstallForm key={tenantId} extension={extension} tenantId={tenantId} />
      )}
    </div>
  );
}
