import { IconDeviceFloppy, IconPlayerStop, IconSend, IconTerminal2 } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import type { InstalledExtension } from "../../../core/contract/install.ts";
import { invokeCommand } from "../../state/command-line.ts";
import { draftOf } from "../../state/drafts.ts";
import type { RequestDraft } from "../../state/request-draft.ts";
import { curlOf, parseCurl } from "../../state/requests/curl.ts";
import type { RequestConsole } from "../../state/requests/request-console.ts";
import { Button } from "../../ui/button.tsx";
import { Command } from "../../ui/command.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";
import { CurlForm } from "./curl-form.tsx";
import { PersonaField } from "./persona-field.tsx";
import { RequestFields } from "./request-fields.tsx";
import { RequestParts } from "./request-parts.tsx";
import { SaveForm } from "./save-form.tsx";

export interface RequestFormProps {
  readonly context: WindowContext;
  readonly console: RequestConsole;
  readonly install: InstalledExtension;
  readonly showsProblems: boolean;
  onSend(): void;
}

export function RequestForm({ context, console, install, showsProblems, onSend }: RequestFormProps) {
  const { state } = context;
  const draft = draftOf(useStore(state.drafts), install.install_id);
  const isSending = useStore(state.exchange).phase === "sending";
  const project = useStore(context.project);
  const scope = console.scopeOf(install);
  const variables = useStore(console.variables)[scope] ?? [];
  // Looked at so that another choice of persona is in what would be sent.
  useStore(context.caller);
  const [aside, setAside] = useState<"curl" | "save">();
  const [notes, setNotes] = useState<readonly string[]>([]);
  const preparation = console.preparation(install, draft);

  const change = (next: RequestDraft): void => state.drafts.set(install.install_id, next);
  const take = (next: RequestDraft, said: readonly string[]): void => {
    change(next);
    setNotes(said);
    setAside(undefined);
  };
  const pasted = (command: string): void => {
    const result = parseCurl(command);
    if (result.ok) take(result.draft, result.notes);
    else setNotes([result.problem]);
  };
  const send = (event: FormEvent): void => {
    event.preventDefault();
    onSend();
  };

  return (
    <>
      {/* Not validated by the browser: the fields say in their own words what is wrong, all at once. */}
      <form className="request-form" onSubmit={send} noValidate>
        <RequestFields
          draft={draft}
          problems={showsProblems && !preparation.ok ? preparation.problems : {}}
          endpoints={install.manifest.api?.endpoints ?? []}
          onChange={change}
          onCurl={pasted}
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
          <PersonaField context={context} install={install} />
        </div>
        <RequestParts
          draft={draft}
          problems={showsProblems && !preparation.ok ? preparation.problems : {}}
          variables={variables}
          variableScope={project ? `the project ${project.name}` : "this tenant"}
          onChange={change}
          onVariables={(rows) => console.variables.set(scope, rows)}
        />
      </form>
      <div className="request-form">
        {notes.length > 0 && (
          <ul className="request-notes" aria-label="Notes on the import">
            {notes.map((note) => (
              <li key={note}>! {note}</li>
            ))}
          </ul>
        )}
        <div className="request-actions">
          <Button look="quiet" onClick={() => setAside("curl")}>
            <IconTerminal2 size={14} aria-hidden />
            Import curl
          </Button>
          <Button
            look="quiet"
            disabled={project === undefined}
            title={project ? "Save as a file of the project" : "Open a project to save requests in it"}
            onClick={() => setAside("save")}
          >
            <IconDeviceFloppy size={14} aria-hidden />
            Save to the project
          </Button>
        </div>
        {aside === "curl" && <CurlForm onImport={take} onClose={() => setAside(undefined)} />}
        {aside === "save" && (
          <SaveForm collections={console.collections} draft={draft} onClose={() => setAside(undefined)} />
        )}
        {preparation.ok && (
          <div className="request-command">
            <span className="dim">The same on the command line</span>
            <Command
              text={invokeCommand(install.extension_name, preparation.request, install.tenant_id)}
              what="the command that sends this request"
            />
            <span className="request-actions">
              <span className="dim">and for curl, with the tenant's key in $WORKBENCH_API_KEY</span>
              <CopyButton
                text={curlOf(context.host.url, install.extension_name, preparation.request)}
                what="the request for curl"
              />
            </span>
          </div>
        )}
      </div>
    </>
  );
}
