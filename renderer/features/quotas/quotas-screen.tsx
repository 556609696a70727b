import { Tabs } from "@mantine/core";
import { useCallback, useEffect, useMemo, useState } from "react";
import { drawnLimits } from "../../state/quotas/charts.ts";
import { type QuotaTarget, quotaTargets, refOf, targetKey } from "../../state/quotas/target.ts";
import { createResource } from "../../state/resource.ts";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import { Pane } from "../../ui/pane.tsx";
import { Panel, Split, SplitHandle } from "../../ui/split.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { ScreenProps, WindowContext } from "../../window-context.ts";
import { FirstExtension } from "../extensions/first-extension.tsx";
import { HeadroomView } from "./headroom-view.tsx";
import { LimitsForm } from "./limits-form.tsx";
import { ProfilesPane } from "./profiles-pane.tsx";
import { TargetList } from "./target-list.tsx";
import { UsagePane } from "./usage-pane.tsx";
import "./quotas-screen.css";

/** What extensions and tenants use, how much they may, and how far they are from it. */
export function QuotasScreen({ context }: ScreenProps) {
  const { state, navigation, preferences } = context;
  const installs = useStore(state.extensions);
  const tenants = useStore(state.host).data?.tenants;
  const { params } = useStore(navigation);
  const selectedInstall = useStore(state.selected);
  const targets = useMemo(() => quotaTargets(installs.data ?? [], tenants ?? []), [installs.data, tenants]);
  const wanted = params.target ?? `install:${params.install ?? selectedInstall}`;
  const target = targets.find((candidate) => targetKey(candidate) === wanted) ?? targets[0];

  if (installs.data === undefined) {
    return installs.failure ? (
      <FailureNotice failure={installs.failure} />
    ) : (
      <Notice title="Reading the installs…" />
    );
  }
  if (target === undefined || installs.data.length === 0) {
    return (
      <Notice title="Nothing is installed, so there is nothing to limit.">
        <FirstExtension navigation={navigation} />
      </Notice>
    );
  }
  return (
    <Split id="quotas" storage={preferences}>
      <Panel id="targets" defaultSize="17%" minSize={150}>
        <Pane title="Quotas" area="targets">
          <TargetList
            targets={targets}
            selected={targetKey(target)}
            onSelect={(chosen) => navigation.go("quotas", { target: targetKey(chosen) })}
          />
        </Pane>
      </Panel>
      <SplitHandle label="Size of the list" />
      <TargetPanels key={targetKey(target)} context={context} target={target} />
    </Split>
  );
}

function TargetPanels({
  context,
  target,
}: {
  readonly context: WindowContext;
  readonly target: QuotaTarget;
}) {
  const { client } = context;
  const { tenantId: tenant_id } = target;
  const [quota] = useState(() =>
    createResource(async (signal) => {
      const ref = refOf(target);
      return ref === undefined
        ? { tenant: await client.call("quotas.tenant", { tenant_id }, signal) }
        : { install: await client.call("quotas.install", { tenant_id, ref }, signal) };
    }),
  );
  const [profiles] = useState(() =>
    createResource(async (signal) => (await client.call("quotas.profiles", {}, signal)).profiles),
  );
  const [stamp, setStamp] = useState(0);
  const reload = useCallback(() => {
    void quota.reload();
    void profiles.reload();
  }, [quota, profiles]);
  useEffect(reload, [reload]);
  useEffect(() => context.changes.subscribe(reload), [context, reload]);
  const { data, failure } = useStore(quota);
  const known = useStore(profiles).data ?? [];
  const limits = useMemo(() => drawnLimits(target, data ?? {}), [target, data]);
  const [saved, setSaved] = useState(0);
  const onSaved = async (): Promise<void> => {
    await Promise.all([quota.reload(), profiles.reload()]);
    // The forms show what was stored.
    setSaved((count) => count + 1);
    setStamp((count) => count + 1);
  };
  const names = known.map(({ name }) => name);
  const own = data?.install ?? data?.tenant;
  const shared =
    data?.tenant?.shared.limits ?? data?.install?.shared.find(({ scope }) => scope === "extension")?.limits;
  return (
    <>
      <Panel id="usage" minSize={320}>
        <UsagePane
          context={context}
          target={target}
          limits={limits}
          onCalls={() => setStamp((count) => count + 1)}
        />
      </Panel>
      <SplitHandle label="Size of the limits" />
      <Panel id="limits" defaultSize="31%" minSize={270}>
        <Pane title={`Limits of ${target.name}`} area="limits">
          <Tabs
            defaultValue={target.kind === "extension" ? "shared" : "limits"}
            className="quota-tabs"
            keepMounted={false}
          >
            <Tabs.List aria-label="Limits, profiles and headroom">
              {target.kind !== "extension" && <Tabs.Tab value="limits">Limits</Tabs.Tab>}
              {target.kind !== "install" && <Tabs.Tab value="shared">Shared</Tabs.Tab>}
              <Tabs.Tab value="profiles">Profiles</Tabs.Tab>
              {target.kind === "install" && <Tabs.Tab value="headroom">Headroom</Tabs.Tab>}
            </Tabs.List>
            {failure && <FailureNotice failure={failure} />}
            {own && (
              <Tabs.Panel value="limits">
                <p className="dim">
                  {target.kind === "tenant"
                    ? "They hold for every install of the tenant that sets none of its own."
                    : "An empty field leaves the figure to the profile, the tenant or the default."}
                </p>
                <LimitsForm
                  key={saved}
                  client={client}
                  target={target}
                  set={own.own}
                  inForce={data?.install?.limits}
                  isShared={false}
                  profile={{ current: own.profile, names }}
                  onSaved={() => void onSaved()}
                />
              </Tabs.Panel>
            )}
            {shared && (
              <Tabs.Panel value="shared">
                <p className="dim">
                  {target.kind === "tenant"
                    ? "All installs of the tenant together may use so much."
                    : "The extension's installs of all tenants together may use so much."}
                </p>
                <LimitsForm
                  key={saved}
                  client={client}
                  target={target}
                  set={shared}
                  isShared
                  onSaved={() => void onSaved()}
                />
              </Tabs.Panel>
            )}
            <Tabs.Panel value="profiles">
              <ProfilesPane client={client} profiles={known} onChanged={() => void onSaved()} />
            </Tabs.Panel>
            {target.kind === "install" && (
              <Tabs.Panel value="headroom">
                <HeadroomView context={context} installId={target.installId} stamp={stamp} />
              </Tabs.Panel>
            )}
          </Tabs>
        </Pane>
      </Panel>
    </>
  );
}
