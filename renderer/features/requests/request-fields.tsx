import { useId } from "react";
import type { Endpoint } from "../../../core/contract/manifest.ts";
import { type DraftProblems, METHODS, pathParameters, type RequestDraft } from "../../state/request-draft.ts";
import { Field } from "../../ui/field.tsx";

export interface RequestFieldsProps {
  readonly draft: RequestDraft;
  readonly problems: DraftProblems;
  /** Offered for completion in the path field. */
  readonly endpoints: readonly Endpoint[];
  onChange(draft: RequestDraft): void;
  /** A whole curl command was pasted where the path goes. */
  onCurl(command: string): void;
}

/** Method and path, and a field for each `:parameter` of the path. */
export function RequestFields({ draft, problems, endpoints, onChange, onCurl }: RequestFieldsProps) {
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
        <Field label="Path" note="or a pasted curl command" problem={problems.path}>
          {(ids) => (
            <input
              {...ids}
              className="mono"
              list={suggestions}
              value={draft.path}
              onChange={(event) => onChange({ ...draft, path: event.target.value })}
              onPaste={(event) => {
                const text = event.clipboardData.getData("text");
                if (!/^\s*curl\s/.test(text)) return;
                event.preventDefault();
                onCurl(text);
              }}
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
      {pathParameters(draft.path).map((name) => (
        <div className="request-parameter" key={name}>
          <span className="mono">:{name}</span>
          <input
            className="mono"
            aria-label={`Value of :${name}`}
            value={draft.params[name] ?? ""}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) =>
              onChange({ ...draft, params: { ...draft.params, [name]: event.target.value } })
            }
          />
        </div>
      ))}
    </>
  );
}
