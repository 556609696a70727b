import { commandLine } from "../../state/command-line.ts";
import type {
  OpenedReproduction,
  ReproductionDesk,
  ReproductionSource,
} from "../../state/requests/reproduction-desk.ts";
import { Button } from "../../ui/button.tsx";
import { Command } from "../../ui/command.tsx";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import { useStore } from "../../ui/use-store.ts";

/** Says where what stands in the form came from, or why a file was not taken. */
export function ReproductionNotice({ desk }: { readonly desk: ReproductionDesk }) {
  const { opened, failed } = useStore(desk);
  if (opened !== undefined) return <Opened desk={desk} opened={opened} />;
  if (failed === undefined) return undefined;
  return (
    <div className="request-aside">
      <FailureNotice failure={failed.failure}>
        <p>
          {saidBy(failed.source)} <code>{failed.source.name}</code>
        </p>
        <Button look="quiet" onClick={desk.dismiss}>
          Close
        </Button>
      </FailureNotice>
    </div>
  );
}

function Opened({ desk, opened }: { readonly desk: ReproductionDesk; readonly opened: OpenedReproduction }) {
  const { source, reproduction, installId, notes, replaced } = opened;
  const { status, outcome, code } = reproduction.outcome;
  const isThere = installId !== undefined;
  const title = isThere
    ? "Filled in from a reproduction file. Nothing was sent."
    : `${reproduction.extension} is not installed for this tenant.`;
  return (
    <section className="request-aside" aria-label="Reproduction">
      <Notice tone={source.by === "link" || !isThere ? "warn" : "plain"} title={title}>
        <p>
          {saidBy(source)} <code>{source.name}</code>
        </p>
        {source.by === "link" && (
          <p>! Whoever wrote the link is unknown: look at the request before you send it.</p>
        )}
        {!isThere && <p>Publish and install it, then open the file again.</p>}
        <p>
          It ended with{" "}
          <strong>
            {status ?? outcome}
            {code !== undefined && ` ${code}`}
          </strong>
          {reproduction.extension_version !== undefined && ` in version ${reproduction.extension_version}`}.
        </p>
        {notes.length > 0 && (
          <ul className="request-notes" aria-label="Notes on the reproduction">
            {notes.map((note) => (
              <li key={note}>! {note}</li>
            ))}
          </ul>
        )}
        {source.by !== "file" && (
          <Command
            text={commandLine(["workbench", "reproduce", source.name])}
            what="the command that sends this call and compares"
          />
        )}
        <div className="request-actions">
          {replaced !== undefined && <Button onClick={desk.putBack}>Put back what was there</Button>}
          <Button look="quiet" onClick={desk.dismiss}>
            Close
          </Button>
        </div>
      </Notice>
    </section>
  );
}

function saidBy({ by }: ReproductionSource): string {
  return by === "link" ? "A link asked for" : "From";
}
