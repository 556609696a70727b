import { Button, Tabs } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { type DragEvent, type ReactNode, useEffect, useId, useState } from "react";
import { type BundleDesk, createBundleDesk } from "../../state/keys/bundle-desk.ts";
import { sortBundleFiles } from "../../state/keys/bundle-files.ts";
import { createKeysState, type KeysState } from "../../state/keys/keys-state.ts";
import { Command } from "../../ui/command.tsx";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import { Panel, Split, SplitHandle } from "../../ui/split.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { ScreenProps, WindowContext } from "../../window-context.ts";
import { BundlePane } from "./bundle-pane.tsx";
import { KeyTable } from "./key-table.tsx";
import { KeysContext, useKeys } from "./keys-context.ts";
import { saveFile } from "./save-file.ts";
import { SidePane } from "./side-pane.tsx";
import { RevocationTable, TrustTable } from "./trust-table.tsx";
import { useAction } from "./use-action.ts";
import "./keys-screen.css";

/** Signing keys, whom this workbench trusts, and the desk where bundles are signed and verified. */
export function KeysScreen({ context }: ScreenProps) {
  const [state] = useState(() => createKeysState(context.client));
  const [desk] = useState(() => createBundleDesk(context.client));
  const isNarrow = useMediaQuery("(width < 880px), (height < 520px)", undefined, {
    getInitialValueInEffect: false,
  });
  useEffect(() => {
    const refresh = (): void => void state.refresh();
    // The command line may have made a key, and a host that came back may be another one.
    window.addEventListener("focus", refresh);
    const stop = context.state.connection.subscribe(() => {
      if (context.state.connection.get() === "open") refresh();
    });
    const stopChanges = context.changes.subscribe(refresh);
    refresh();
    return () => {
      window.removeEventListener("focus", refresh);
      stop();
      stopChanges();
    };
  }, [state, context]);
  useEffect(() => context.commands.register(commandsOf(state)), [state, context]);
  useEffect(() => followParams(context, desk), [context, desk]);

  return (
    <KeysContext value={{ context, client: context.client, state }}>
      <Layout
        context={context}
        isNarrow={isNarrow}
        lists={<Lists desk={desk} />}
        side={<SidePane />}
        below={<BundlePane desk={desk} />}
      />
    </KeysContext>
  );
}

interface LayoutProps {
  readonly context: WindowContext;
  readonly isNarrow: boolean;
  readonly lists: ReactNode;
  readonly side: ReactNode;
  readonly below: ReactNode;
}

function Layout({ context, isNarrow, lists, side, below }: LayoutProps) {
  if (isNarrow) {
    return (
      <div className="keys-stack">
        {lists}
        {side}
        {below}
      </div>
    );
  }
  return (
    <Split id="keys" storage={context.preferences} orientation="vertical">
      <Panel id="keys-top" defaultSize="55%" minSize="180px">
        <Split id="keys-top-split" storage={context.preferences}>
          <Panel id="keys-lists" defaultSize="60%" minSize="320px">
            {lists}
          </Panel>
          <SplitHandle label="Size of the lists and the details" />
          <Panel id="keys-side" minSize="300px">
            {side}
          </Panel>
        </Split>
      </Panel>
      <SplitHandle label="Size of sign and verify" />
      <Panel id="keys-desk" minSize="150px">
        {below}
      </Panel>
    </Split>
  );
}

function Lists({ desk }: { readonly desk: BundleDesk }) {
  const { state, client } = useKeys();
  const heading = useId();
  const [tab, setTab] = useState<string | null>("keys");
  const side = useStore(state.side);
  const [, exportTrust] = useAction((_: undefined, signal) => client.call("trust.export", {}, signal));
  const saveTrust = async (): Promise<void> => {
    const download = await exportTrust.run(undefined);
    if (download) saveFile(download);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    const files = [...event.dataTransfer.files];
    const [first] = files;
    if (first === undefined) return;
    const { bundle, signature } = sortBundleFiles(files);
    if (bundle || signature) void desk.drop(files);
    else state.side.set({ kind: "import", file: first });
  };
  return (
    <section
      className="keys-pane"
      aria-labelledby={heading}
      onDragOver={(event) => event.preventDefault()}
      onDrop={drop}
    >
      <h2 id={heading} className="visually-hidden">
        Keys and trust
      </h2>
      <Tabs value={tab} onChange={setTab} className="keys-tabs">
        <div className="keys-tabs-head">
          <Tabs.List aria-label="Keys and trust">
            <Tabs.Tab value="keys">Signing keys</Tabs.Tab>
            <Tabs.Tab value="trust">Trust</Tabs.Tab>
            <Tabs.Tab value="revoked">Revoked</Tabs.Tab>
          </Tabs.List>
          <div className="tab-actions">
            {tab === "keys" && (
              <>
                <Button variant="default" onClick={() => state.side.set({ kind: "import" })}>
                  Import…
                </Button>
                <Button variant="default" onClick={() => state.side.set({ kind: "generate" })}>
                  Generate…
                </Button>
              </>
            )}
            {tab === "trust" && (
              <>
                <Button variant="default" onClick={() => void saveTrust()}>
                  Export PEM
                </Button>
                <Button variant="default" onClick={() => state.side.set({ kind: "trust-add" })}>
                  Trust…
                </Button>
              </>
            )}
            {tab === "revoked" && (
              <Button variant="default" onClick={() => state.side.set({ kind: "revoke" })}>
                Revoke…
              </Button>
            )}
          </div>
        </div>
        <Tabs.Panel value="keys" className="keys-tab-panel">
          <KeyList selectedId={side?.kind === "key" ? side.id : undefined} />
        </Tabs.Panel>
        <Tabs.Panel value="trust" className="keys-tab-panel">
          <TrustList selectedId={side?.kind === "trust" ? side.id : undefined} />
        </Tabs.Panel>
        <Tabs.Panel value="revoked" className="keys-tab-panel">
          <RevokedList />
        </Tabs.Panel>
      </Tabs>
    </section>
  );
}

function KeyList({ selectedId }: { readonly selectedId: string | undefined }) {
  const { state } = useKeys();
  const { data, failure } = useStore(state.keys);
  if (data === undefined) {
    return failure ? <FailureNotice failure={failure} /> : <Notice title="Loading the signing keys…" />;
  }
  if (data.length === 0) {
    return (
      <Notice title="There is no signing key yet: bundles are published signed, or not at all.">
        <Button onClick={() => state.side.set({ kind: "generate" })}>Generate a key</Button>
        <Command
          text="workbench keys generate --algorithm ecdsa-p256 --subject 'CN=Acme Development'"
          what="the command that makes a key"
        />
      </Notice>
    );
  }
  return (
    <KeyTable
      keys={data}
      selectedId={selectedId}
      now={Date.now()}
      onSelect={(id) => state.side.set({ kind: "key", id })}
    />
  );
}

function TrustList({ selectedId }: { readonly selectedId: string | undefined }) {
  const { state, context } = useKeys();
  const { data, failure } = useStore(state.trust);
  const host = useStore(context.state.host).data;
  if (data === undefined) {
    return failure ? <FailureNotice failure={failure} /> : <Notice title="Loading the trust list…" />;
  }
  if (data.items.length === 0) {
    return (
      <Notice title="Nobody is trusted: no signed bundle is accepted.">
        <Button onClick={() => state.side.set({ kind: "trust-add" })}>Trust a publisher</Button>
        <Command
          text="workbench trust add acme.pem --note 'Acme release'"
          what="the command that trusts a certificate"
        />
      </Notice>
    );
  }
  return (
    <TrustTable
      entries={data.items}
      tenants={host?.tenants}
      selectedId={selectedId}
      onSelect={(id) => state.side.set({ kind: "trust", id })}
    />
  );
}

function RevokedList() {
  const { state } = useKeys();
  const { data } = useStore(state.trust);
  if (data === undefined) return <Notice title="Loading the revocations…" />;
  if (data.revocations.length === 0) {
    return (
      <Notice title="Nothing is revoked.">
        <Button variant="default" onClick={() => state.side.set({ kind: "revoke" })}>
          Revoke a certificate
        </Button>
        <Command
          text="workbench trust revoke --fingerprint HEX --reason 'laptop lost'"
          what="the command that revokes a certificate"
        />
      </Notice>
    );
  }
  return <RevocationTable revocations={data.revocations} />;
}

function commandsOf(state: KeysState) {
  const group = "Keys & Trust";
  return [
    {
      id: "keys.generate",
      title: "Generate key",
      group,
      isPrimary: true,
      commandLine: "workbench keys generate --algorithm ecdsa-p256 --subject CN=…",
      run: () => state.side.set({ kind: "generate" }),
    },
    {
      id: "keys.import",
      title: "Import key…",
      group,
      commandLine: "workbench keys import FILE",
      run: () => state.side.set({ kind: "import" }),
    },
    {
      id: "trust.add",
      title: "Trust a publisher…",
      group,
      commandLine: "workbench trust add FILE",
      run: () => state.side.set({ kind: "trust-add" }),
    },
    {
      id: "trust.revoke",
      title: "Revoke a certificate…",
      group,
      commandLine: "workbench trust revoke --fingerprint HEX",
      run: () => state.side.set({ kind: "revoke" }),
    },
  ];
}

/** `{ bundle: hash, name }` puts a published bundle on the desk: the way here from another screen. */
function followParams(context: WindowContext, desk: BundleDesk): () => void {
  const follow = (): void => {
    const { screen, params } = context.navigation.get();
    const { bundle, name } = params;
    if (screen !== "keys" || bundle === undefined) return;
    desk.choosePublished(bundle, name ?? "bundle");
    void desk.verification.run({});
  };
  follow();
  return context.navigation.subscribe(follow);
}
