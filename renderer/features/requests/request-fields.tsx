import { useId } from "react";
import type { Endpoint } from "../../../core/contract/manifest.ts";
import { carriesBody, type DraftProblems, METHODS, type RequestDraft } from "../../state/request-draft.ts";
import { Field } from "../../ui/field.tsx";

export interface RequestFieldsProps {
  readonly draft: RequestDraft;
  readonly problems: DraftProblems;
  /** Offered for completion in the path field. */
  readonly endpoints: readonly Endpoint[];
  onChange(draft: RequestDraft): void;
}

export function RequestFields({ draft, problems, endpoints, onChange }: RequestFieldsProps) {
  const suggestions = useId();
  return (
    <>
      <div className="request-line">
        <Field label="Method">
          {(ids) => (
            <select
              {...ids}
              value={draft.method}
              onChange={(event) =>
                onChange({
                  ...draft,
                  method: METHODS.find((method) => method === event.target.value) ?? draft.method,
                })
              }
            >
              {METHODS.map((method) => (
                <option key={method}>{method}</option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Path" problem={problems.path}>
          {(ids) => (
            <input
              {...ids}
              className="mono"
              list={suggestions}
              value={draft.path}
              onChange={(event) => onChange({ ...draft, path: event.target.value })}
              autoComplete="off"
              spellCheck={false}
            />
          )}
        </Field>
        <datalist id={suggestions}>
          {endpoints
            .filter((endpoint) => endpoint.method === draft.method)
            .map((endpoint) => (
              <option key={endpoint.path} value={endpoint.path} />
            ))}
        </datalist>
      </div>
      <Field label="Headers" note="one name: value a line" problem={problems.headers}>
        {(ids) => (
          <textarea
            {...ids}
            className="mono"
            rows={3}
            placeholder="accept: application/json"
            value={draft.headers}
            onChange={(event) => onChange({ ...draft, headers: event.target.value })}
            spellCheck={false}
          />
        )}
      </Field>
      <Field label="Body" note={carriesBody(draft.method) ? undefined : `${draft.method} sends none`}>
        {(ids) => (
          <textarea
            {...ids}
            className="mono"
            rows={carriesBody(draft.method) ? 6 : 2}
            value={draft.body}
            disabled={!carriesBody(draft.method)}
            onChange={(event) => onChange({ ...draft, body: event.target.value })}
            spellCheck={false}
          />
        )}
      </Field>
    </>
  );
}
