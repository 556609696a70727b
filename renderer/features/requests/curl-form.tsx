import { useState } from "react";
import type { RequestDraft } from "../../state/request-draft.ts";
import { parseCurl } from "../../state/requests/curl.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";

export interface CurlFormProps {
  onImport(draft: RequestDraft, notes: readonly string[]): void;
  onClose(): void;
}

/** A curl command as a request. The command is read, never run. */
export function CurlForm({ onImport, onClose }: CurlFormProps) {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string>();
  const take = (): void => {
    const result = parseCurl(text);
    if (result.ok) onImport(result.draft, result.notes);
    else setProblem(result.problem);
  };
  return (
    <section className="request-aside" aria-label="Import a curl command">
      <Field label="curl command" note="read, never run" problem={problem}>
        {(ids) => (
          <textarea
            {...ids}
            className="mono"
            rows={4}
            // It was asked for just now, and there is nothing else to do with it.
            // biome-ignore lint/a11y/noAutofocus: see above
            autoFocus
            placeholder={`curl -X POST http://localhost/items -H 'content-type: application/json' -d '{"a":1}'`}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setProblem(undefined);
            }}
            spellCheck={false}
          />
        )}
      </Field>
      <div className="request-actions">
        <Button onClick={take} disabled={text.trim() === ""}>
          Import
        </Button>
        <Button look="quiet" onClick={onClose}>
          Close
        </Button>
      </div>
    </section>
  );
}
