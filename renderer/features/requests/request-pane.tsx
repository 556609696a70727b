import { useEffect, useState } from "react";
import type { InstalledExtension } from "../../../core/contract/install.ts";
import { installOf } from "../../state/workbench.ts";
import { Notice } from "../../ui/notice.tsx";
import { Pane } from "../../ui/pane.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";
import { requestConsoleOf } from "./request-console-of.ts";
import { RequestForm } from "./request-form.tsx";
import "./request-pane.css";

export function RequestPane({ context }: { readonly context: WindowContext }) {
  const { state } = context;
  const install = installOf(useStore(state.extensions).data, useStore(state.selected));
  return (
    <Pane
      title="Request"
      area="request"
      facts={install && <span>{install.manifest.display_name ?? install.extension_name}</span>}
    >
      <div className="pane-body">
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
