import { IconFileImport } from "@tabler/icons-react";
import { type DragEvent, useEffect, useState } from "react";
import type { InstalledExtension } from "../../../core/contract/install.ts";
import { installOf } from "../../state/workbench.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Pane } from "../../ui/pane.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";
import { reproductionDeskOf } from "./reproduction-desk-of.ts";
import { ReproductionForm } from "./reproduction-form.tsx";
import { ReproductionNotice } from "./reproduction-notice.tsx";
import { requestConsoleOf } from "./request-console-of.ts";
import { RequestForm } from "./request-form.tsx";
import "./request-pane.css";

export function RequestPane({ context }: { readonly context: WindowContext }) {
  const { state, navigation } = context;
  const install = installOf(useStore(state.extensions).data, useStore(state.selected));
  const desk = reproductionDeskOf(context);
  const { screen, params } = useStore(navigation);
  const [isOpening, setOpening] = useState(false);
  useEffect(() => {
    if (screen !== "requests") return;
    const { action, reproduction } = params;
    if (action === "reproduction") setOpening(true);
    else if (reproduction !== undefined) void desk.openPath(reproduction, "link");
    else return;
    // Asked for once: the place is kept through a reload, the question is not.
    navigation.go("requests");
  }, [desk, navigation, screen, params]);
  const drop = (event: DragEvent): void => {
    const [file] = event.dataTransfer.files;
    // The form that asks for a file takes it itself.
    if (file === undefined || event.defaultPrevented) return;
    event.preventDefault();
    void desk.openFile(file);
  };
  return (
    <Pane
      title="Request"
      area="request"
      facts={install && <span>{install.manifest.display_name ?? install.extension_name}</span>}
      actions={
        <Button look="quiet" onClick={() => setOpening(true)}>
          <IconFileImport size={14} aria-hidden />
          Open reproduction…
        </Button>
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a larger target for the mouse; the keyboard has the button above */}
      <div
        className="pane-body"
        onDragOver={(event) => {
          if (event.dataTransfer.types.includes("Files")) event.preventDefault();
        }}
        onDrop={drop}
      >
        {isOpening && <ReproductionForm desk={desk} onClose={() => setOpening(false)} />}
        <ReproductionNotice desk={desk} />
        {install ? (
          <Form key={install.install_id} context={context} install={install} />
        ) : (
          <Notice title="Choose an extension to send it a request." />
        )}
      </div>
    </Pane>
  );
}

function Form({
  context,
  install,
}: {
  readonly context: WindowContext;
  readonly install: InstalledExtension;
}) {
  const console = requestConsoleOf(context);
  const [wasTried, setTried] = useState(false);
  const { commands, state } = context;
  useEffect(
    () =>
      commands.register([
        {
          id: "requests.send",
          title: "Send the request",
          group: "Requests",
          shortcut: "mod+Enter",
          run: () => setTried(!console.send()),
        },
        {
          id: "requests.cancel",
          title: "Cancel the request",
          group: "Requests",
          isEnabled: () => state.exchange.get().phase === "sending",
          run: state.exchange.cancel,
        },
      ]),
    [commands, console, state],
  );
  return (
    <RequestForm
      context={context}
      console={console}
      install={install}
      showsProblems={wasTried}
      onSend={() => setTried(!console.send())}
    />
  );
}
