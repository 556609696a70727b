import { ActionIcon, NativeSelect, Switch, Tooltip } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import type { InstalledExtension } from "../../../core/contract/install.ts";
import { PREVIEW_HOOKS, type PreviewHook } from "../../../core/contract/rpc/preview.ts";
import {
  LOCALES,
  type PreviewChoice,
  VIEWPORT_NAMES,
  VIEWPORTS,
  type ViewportName,
} from "../../state/preview/preview-settings.ts";
import { SCHEMES } from "../../state/preview/theme-tokens.ts";
import { useStore } from "../../ui/use-store.ts";

/** Stands in the list of personas for the one that is made up here. */
const CUSTOM = "custom";
const HOOK_WORDS: Record<PreviewHook, string> = { appMenu: "App menu", clientPortalMenu: "Client portal" };

export interface Persona {
  readonly id: string;
  readonly name: string;
  readonly user_type: "internal" | "client";
}

export interface PreviewToolbarProps {
  readonly settings: PreviewChoice;
  readonly installs: readonly InstalledExtension[];
  readonly install: InstalledExtension | undefined;
  readonly personas: readonly Persona[];
  readonly personaId: string | undefined;
  onPersona(personaId: string): void;
  onReload(): void;
}

/** What is shown, to whom, where and how. */
export function PreviewToolbar(props: PreviewToolbarProps) {
  const { settings, installs, install, personas, personaId, onPersona, onReload } = props;
  const chosen = useStore(settings);
  const choosePersona = (id: string): void => {
    settings.set({ isCustom: id === CUSTOM });
    if (id !== CUSTOM) onPersona(id);
  };
  return (
    <div className="preview-toolbar" role="toolbar" aria-label="Preview">
      <NativeSelect
        label="Extension"
        value={install?.install_id ?? ""}
        data={installs.map(({ install_id, manifest, extension_name }) => ({
          value: install_id,
          label: manifest.display_name ?? extension_name,
          disabled: manifest.ui === undefined,
        }))}
        onChange={({ currentTarget }) => settings.set({ installId: currentTarget.value, path: "/" })}
      />
      <NativeSelect
        label="Hook"
        value={chosen.hook}
        data={PREVIEW_HOOKS.map((hook) => ({ value: hook, label: hookLabel(hook, install) }))}
        // The options are the hooks.
        onChange={({ currentTarget }) => settings.set({ hook: currentTarget.value as PreviewHook })}
      />
      <NativeSelect
        label="Persona"
        value={chosen.isCustom ? CUSTOM : (personaId ?? "")}
        data={[
          ...personas.map(({ id, name, user_type }) => ({
            value: id,
            label: `${name} (${user_type === "client" ? "client portal" : "internal"})`,
          })),
          { value: CUSTOM, label: "Custom…" },
        ]}
        onChange={({ currentTarget }) => choosePersona(currentTarget.value)}
      />
      <NativeSelect
        label="Viewport"
        value={chosen.viewport}
        data={VIEWPORT_NAMES.map((name) => ({ value: name, label: viewportLabel(name) }))}
        // The options are the viewports' names.
        onChange={({ currentTarget }) => settings.set({ viewport: currentTarget.value as ViewportName })}
      />
      <NativeSelect
        label="Theme"
        value={chosen.scheme}
        data={[...SCHEMES]}
        onChange={({ currentTarget }) =>
          settings.set({ scheme: currentTarget.value === "dark" ? "dark" : "light" })
        }
      />
      <NativeSelect
        label="Locale"
        value={chosen.locale}
        data={[...LOCALES]}
        onChange={({ currentTarget }) => settings.set({ locale: currentTarget.value })}
      />
      <Switch
        label="Same origin"
        checked={chosen.sameOrigin}
        onChange={({ currentTarget }) => settings.set({ sameOrigin: currentTarget.checked })}
      />
      <Tooltip label="Load the frame again; path, persona and sizes stay">
        <ActionIcon aria-label="Reload the preview" onClick={onReload}>
          <IconRefresh size={15} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}

function hookLabel(hook: PreviewHook, install: InstalledExtension | undefined): string {
  const label = install?.manifest.ui?.hooks?.[hook]?.label;
  return label === undefined ? `${HOOK_WORDS[hook]} (not declared)` : `${HOOK_WORDS[hook]}: ${label}`;
}

function viewportLabel(name: ViewportName): string {
  const size = VIEWPORTS[name];
  return size ? `${name} ${size.width} × ${size.height}` : name;
}
