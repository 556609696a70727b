import { Button } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { type DragEvent, useEffect, useId, useMemo, useState } from "react";
import { createRegistryState } from "../../state/registry/registry-state.ts";
import { Command } from "../../ui/command.tsx";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import { Panel, Split, SplitHandle } from "../../ui/split.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { ScreenProps } from "../../window-context.ts";
import { ExtensionList } from "./extension-list.tsx";
import { ExtensionView } from "./extension-view.tsx";
import { PublishForm } from "./publish-form.tsx";
import { RegistryContext, type RegistryParts, useRegistry } from "./registry-context.ts";
import "./registry-screen.css";

/** What is published here and for whom it is installed. */
export function RegistryScreen({ context }: ScreenProps) {
  const [state] = useState(() => createRegistryState(context.client));
  const parts = useMemo(
    (): RegistryParts => ({
      context,
      state,
      async changed() {
        context.state.refresh();
        await state.refresh();
      },
    }),
    [context, state],
  );
  const isNarrow = useMediaQuery("(width < 880px), (height < 520px)", undefined, {
    getInitialValueInEffect: false,
  });
  useEffect(() => {
    const refresh = (): void => void state.refresh();
    window.addEventListener("focus", refresh);
    // The loop publishes and installs by itself: what the frame hears of, this screen shows.
    const stopInstalls = context.state.extensions.subscribe(() => {
      if (!context.state.extensions.get().loading) refresh();
    });
    refresh();
    return () => {
      window.removeEventListener("focus", refresh);
      stopInstalls();
    };
  }, [state, context]);
  useEffect(
    () =>
      context.commands.register([
        {
          id: "registry.publish",
          title: "Publish bundle",
          group: "Registry",
          isPrimary: true,
          commandLine: "workbench publish BUNDLE",
          run: () => state.shown.set({ kind: "publish" }),
        },
      ]),
    [state, context],
  );
  useEffect(() => {
    const follow = (): void => {
      const { screen, params } = context.navigation.get();
      if (screen === "registry" && params.extension) {
        state.shown.set({ kind: "extension", id: params.extension });
      }
    };
    follow();
    return context.navigation.subscribe(follow);
  }, [state, context]);

  return (
    <RegistryContext value={parts}>
      {isNarrow ? (
        <div className="registry-stack">
          <ListPane />
          <ShownPane />
        </div>
      ) : (
        <Split id="registry" storage={context.preferences}>
          <Panel id="registry-list" defaultSize="28%" minSize="220px">
            <ListPane />
          </Panel>
          <SplitHandle label="Size of the list and the details" />
          <Panel id="registry-shown" minSize="420px">
            <ShownPane />
          </Panel>
        </Split>
      )}
    </RegistryContext>
  );
}

function ListPane() {
  const { state } = useRegistry();
  const heading = useId();
  const { data, failure } = useStore(state.published);
  const shown = useStore(state.shown);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    const files = [...event.dataTransfer.files];
    if (files.length > 0) state.shown.set({ kind: "publish", files });
  };
  return (
    <section
      className="registry-pane"
      aria-labelledby={heading}
      onDragOver={(event) => event.preventDefault()}
      onDrop={drop}
    >
      <header className="pane-head">
        <h2 id={heading}>Extensions</h2>
        {data && <span>{data.extensions.length} published</span>}
        <div className="pane-actions">
          <Button variant="default" onClick={() => state.shown.set({ kind: "publish" })}>
            Publish…
          </Button>
        </div>
      </header>
      <div className="pane-body">
        {data === undefined &&
          (failure ? <FailureNotice failure={failure} /> : <Notice title="Loading the registry…" />)}
        {data?.extensions.length === 0 && (
          <Notice title="Nothing is published yet.">
            <Button onClick={() => state.shown.set({ kind: "publish" })}>Publish a bundle</Button>
            <Command
              text="workbench publish dist/bundle.tar.zst"
              what="the command that publishes a bundle"
            />
          </Notice>
        )}
        {data && data.extensions.length > 0 && (
          <ExtensionList
            published={data}
            selectedId={shown?.kind === "extension" ? shown.id : undefined}
            onSelect={(id) => state.shown.set({ kind: "extension", id })}
          />
        )}
      </div>
    </section>
  );
}

function ShownPane() {
  const { state } = useRegistry();
  const { data } = useStore(state.published);
  const shown = useStore(state.shown);
  if (shown?.kind === "publish") return <PublishForm files={shown.files ?? []} />;
  const extension = data?.extensions.find(
    ({ registry_id, name }) => registry_id === shown?.id || name === shown?.id,
  );
  if (extension === undefined || data === undefined) {
    return (
      <div className="registry-pane">
        <Notice title="Choose an extension to see its versions, bundles and installs." />
      </div>
    );
  }
  return (
    <ExtensionView
      key={extension.registry_id}
      extension={extension}
      installs={data.installs.filter(({ registry_id }) => registry_id === extension.registry_id)}
    />
  );
}
