import { IconPlayerStop, IconSend } from "@tabler/icons-react";
import { type FormEvent, type KeyboardEvent, useState } from "react";
import type { InstalledExtension } from "../../../core/contract/install.ts";
import { invokeCommand } from "../../state/command-line.ts";
import { draftOf } from "../../state/drafts.ts";
import { prepare, type RequestDraft } from "../../state/request-draft.ts";
import { installOf, type WorkbenchState } from "../../state/workbench.ts";
import { Button } from "../../ui/button.tsx";
import { Command } from "../../ui/command.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Pane } from "../../ui/pane.tsx";
import { useStore } from "../../ui/use-store.ts";
import { RequestFields } from "./request-fields.tsx";
import "./request-pane.css";

export function RequestPane({ state }: { readonly state: WorkbenchState }) {
  const install = installOf(useStore(state.extensions).data, useStore(state.selected));
  return (
    <Pane
      title="Request"
      area="request"
      facts={install && <span>{install.manifest.display_name ?? install.extension_name}</span>}
    >
      <div className="pane-body">
        {install ? (
          <RequestForm key={install.install_id} state={state} install={install} />
        ) : (
          <Notice title="Choose an extension to send it a request." />
        )}
      </div>
    </Pane>
  );
}

interface RequestFormProps {
  readonly state: WorkbenchState;
  readonly install: InstalledExtension;
}

function RequestForm({ state, install }: RequestFormProps) {
  const draft = draftOf(useStore(state.drafts), install.install_id);
  const isSending = useStore(state.exchange).phase === "sending";
  const [wasTried, setTried] = useState(false);
  const preparation = prepare(draft);

  const change = (next: RequestDraft): void => state.drafts.set(install.install_id, next);
  const send = (event: FormEvent): void => {
    event.preventDefault();
    setTried(!state.send());
  };
  const sendByKey = (event: KeyboardEvent<HTMLFormElement>): void => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
  };

  return (
    // Not validated by the browser: the fields say in their own words what is wrong, all at once.
    <form className="request-form" onSubmit={send} onKeyDown={sendByKey} noValidate>
      <RequestFields
        draft={draft}
        problems={wasTried && !preparation.ok ? preparation.problems : {}}
        endpoints={install.manifest.api?.endpoints ?? []}
        onChange={change}
      />
      <div className="request-actions">
        <Button look="primary" type="submit" aria-keyshortcuts="Control+Enter Meta+Enter">
          <IconSend size={14} aria-hidden />
          Send
        </Button>
        {isSending && (
          <Button onClick={state.exchange.cancel}>
            <IconPlayerStop size={14} aria-hidden />
            Cancel
          </Button>
        )}
        <span className="dim">Ctrl or ⌘ + Enter</span>
      </div>
      {preparation.ok && (
        <div className="request-command">
          <span className="dim">The same on the command line</span>
          <Command
            text={invokeCommand(install.extension_name, preparation.request, install.tenant_id)}
            what="the command that sends this request"
          />
        </div>
      )}
    </form>
  );
}
