import { useEffect, useMemo } from "react";
import type { InstalledExtension } from "../../../core/contract/install.ts";
import type { PreviewPersona } from "../../../core/contract/rpc/preview.ts";
import { callerOf } from "../../state/caller.ts";
import { createPreviewState, type PreviewState } from "../../state/preview/preview.ts";
import { createPreviewSettings, type PreviewSettings } from "../../state/preview/preview-settings.ts";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import { Panel, Split, SplitHandle } from "../../ui/split.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { ScreenProps, WindowContext } from "../../window-context.ts";
import { FirstExtension } from "../extensions/first-extension.tsx";
import { LoopStrip } from "../loop/loop-strip.tsx";
import { CustomPersonaFields } from "./custom-persona.tsx";
import { Inspector } from "./inspector.tsx";
import { PreviewStage } from "./preview-stage.tsx";
import { PreviewToolbar } from "./preview-toolbar.tsx";
import "./preview-screen.css";

/** An extension's UI as the platform would show it, and everything that passes between it and the host. */
export function PreviewScreen({ context }: ScreenProps) {
  const { settings, state } = useMemo(() => createPreview(context), [context]);
  useEffect(() => () => state.dispose(), [state]);
  const chosen = useStore(settings);
  const { data: all, failure, loading } = useStore(context.state.extensions);
  const host = useStore(context.state.host).data;
  const choice = useStore(context.caller);
  const project = useStore(context.project);
  const loop = useStore(context.loop).loop;

  const caller = host && callerOf(choice, host);
  const installs = all?.filter(({ tenant_id }) => tenant_id === caller?.tenant.id);
  const install = installs && chosenInstall(installs, chosen.installId, loop?.last_good?.install_id);
  const personaId = caller?.persona?.id;
  const persona = personaOf(chosen, personaId);
  const tenantId = caller?.tenant.id;

  useEffect(() => {
    if (install === undefined || tenantId === undefined) return;
    const { install_id, content_hash, enabled } = install;
    state.show({ install: { install_id, content_hash, enabled }, tenantId, persona });
  });
  useNewBuilds(context);
  useCommands(context, state);

  if (failure && !all) return <FailureNotice failure={failure} />;
  if (!installs || !caller)
    return <Notice title={loading ? "Loading the installed extensions…" : "Not loaded."} />;
  return (
    <div className="preview-screen">
      <PreviewToolbar
        settings={settings}
        installs={installs}
        install={install}
        personas={caller.personas}
        personaId={personaId}
        onPersona={context.caller.choosePersona}
        onReload={state.reload}
      />
      {chosen.isCustom && <CustomPersonaFields settings={settings} />}
      <div className="preview-body">
        {install ? (
          <Split id="preview" storage={context.preferences}>
            <Panel id="preview-stage" defaultSize="62%" minSize="30%">
              <PreviewStage
                state={state}
                settings={chosen}
                title={`UI of ${install.manifest.display_name ?? install.extension_name}`}
              />
            </Panel>
            <SplitHandle label="Resize preview and inspector" />
            <Panel id="preview-inspector" minSize="20%">
              <Inspector
                state={state}
                onExecution={(execution) => context.navigation.go("executions", { execution })}
              />
            </Panel>
          </Split>
        ) : (
          <Notice title="No installed extension of this tenant has a UI.">
            <FirstExtension navigation={context.navigation} />
          </Notice>
        )}
      </div>
      <LoopStrip loop={context.loop} navigation={context.navigation} dir={project?.dir} />
    </div>
  );
}

function createPreview(context: WindowContext) {
  const settings = createPreviewSettings(context.session);
  const state = createPreviewState({
    client: context.client,
    settings,
    timers: context.timers,
    now: () => Date.now(),
    parentOrigin: location.origin,
    onReady: ({ content_hash }, ms) => context.loop.reloaded({ contentHash: content_hash, ms }),
  });
  return { settings, state };
}

/** The one chosen, else what the loop built, else the first that has a UI. */
function chosenInstall(
  installs: readonly InstalledExtension[],
  chosen: string | undefined,
  built: string | undefined,
): InstalledExtension | undefined {
  const withUi = installs.filter(({ manifest }) => manifest.ui !== undefined);
  return (
    withUi.find(({ install_id }) => install_id === chosen) ??
    withUi.find(({ install_id }) => install_id === built) ??
    withUi[0]
  );
}

function personaOf(
  { isCustom, custom }: PreviewSettings,
  personaId: string | undefined,
): PreviewPersona | undefined {
  const { user_type, may_write, client_id, client_name, user_email, user_name } = custom;
  if (!isCustom || user_name.trim() === "" || user_email.trim() === "") {
    return personaId === undefined ? undefined : { persona_id: personaId };
  }
  return {
    custom: {
      user_type,
      user_name,
      user_email,
      ...(user_type === "internal" ? { roles: may_write ? ["read", "write"] : ["read"] } : {}),
      ...(user_type === "client" && client_name.trim() !== "" ? { client_name } : {}),
      ...(user_type === "client" && client_id.trim() !== "" ? { client_id } : {}),
    },
  };
}

/** A turn of the loop that went live is another content hash of the install: the list is asked for again. */
function useNewBuilds({ loop, state }: WindowContext): void {
  const hash = useStore(loop).loop?.last_good?.content_hash;
  useEffect(() => {
    if (hash !== undefined) void state.extensions.reload();
  }, [hash, state]);
}

function useCommands({ commands, loop, project }: WindowContext, state: PreviewState): void {
  const dir = useStore(project)?.dir;
  useEffect(
    () =>
      commands.register([
        { id: "preview.reload", title: "Reload the preview", group: "Preview", run: state.reload },
        { id: "preview.clear", title: "Clear the preview's inspector", group: "Preview", run: state.clear },
        {
          id: "loop.run",
          title: "Build, sign and install now",
          group: "Loop",
          shortcut: "mod+shift+B",
          ...(dir === undefined ? {} : { commandLine: `workbench dev ${dir}` }),
          run: () => void loop.run(dir),
        },
        {
          id: "loop.cancel",
          title: "Cancel the running build",
          group: "Loop",
          run: () => void loop.cancel(),
        },
        { id: "loop.start", title: "Build on save", group: "Loop", run: () => void loop.start(dir) },
        { id: "loop.stop", title: "Stop building on save", group: "Loop", run: () => void loop.stop() },
      ]),
    [commands, loop, state, dir],
  );
}
