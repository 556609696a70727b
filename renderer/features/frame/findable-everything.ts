import type { ExecutionRecord } from "../../../core/contract/execution-record.ts";
import type { InstalledExtension } from "../../../core/contract/install.ts";
import { SCREENS } from "../../screens.ts";
import type { Findable } from "../../state/search.ts";
import { formatTime } from "../../ui/format.ts";
import type { WindowContext } from "../../window-context.ts";
import { SETTINGS_SECTIONS } from "../settings/sections.ts";
import { findableCommands } from "./findable-commands.ts";

/** What the search looks through. */
export function findableEverything(
  context: WindowContext,
  executions: readonly ExecutionRecord[],
): readonly Findable[] {
  const { navigation, state } = context;
  const installs = state.extensions.get().data ?? [];
  return [
    ...installs.flatMap((install) => [extensionItem(context, install), ...endpointItems(context, install)]),
    ...SETTINGS_SECTIONS.map(({ id, title, keywords }) => ({
      id: `settings:${id}`,
      group: "Settings",
      title,
      keywords,
      run: () => navigation.go("settings", { section: id }),
    })),
    ...findableCommands(context),
    ...(SCREENS.has("executions") ? executions.map((record) => executionItem(context, record)) : []),
  ];
}

function extensionItem({ navigation, state }: WindowContext, install: InstalledExtension): Findable {
  return {
    id: `extension:${install.install_id}`,
    group: "Extension",
    title: install.manifest.display_name ?? install.extension_name,
    detail: `${install.extension_name} ${install.version}`,
    keywords: install.content_hash,
    commandLine: `workbench show ${install.extension_name}`,
    run() {
      state.select(install.install_id);
      if (SCREENS.has("registry")) navigation.go("registry", { extension: install.registry_id });
      else navigation.go("requests");
    },
  };
}

function endpointItems(
  { navigation, state }: WindowContext,
  install: InstalledExtension,
): readonly Findable[] {
  return (install.manifest.api?.endpoints ?? []).map((endpoint) => ({
    id: `endpoint:${install.install_id}:${endpoint.method} ${endpoint.path}`,
    group: "Endpoint",
    title: `${endpoint.method} ${endpoint.path}`,
    detail: install.manifest.display_name ?? install.extension_name,
    commandLine: `workbench invoke ${install.extension_name} ${endpoint.method} ${endpoint.path}`,
    run() {
      state.select(install.install_id);
      state.fill(endpoint);
      navigation.go("requests", {
        install: install.install_id,
        method: endpoint.method,
        path: endpoint.path,
      });
    },
  }));
}

function executionItem({ navigation }: WindowContext, record: ExecutionRecord): Findable {
  return {
    id: `execution:${record.id}`,
    group: "Execution",
    title: `${record.method} ${record.path} ${record.status ?? record.outcome}`,
    detail: `${record.request_id} ${formatTime(record.started_at)}`,
    keywords: `${record.id} ${record.extension_name} ${record.code ?? ""}`,
    commandLine: `workbench executions show ${record.id}`,
    run: () => navigation.go("executions", { execution: record.id }),
  };
}
