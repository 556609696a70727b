import { Tabs } from "@mantine/core";
import { useState } from "react";
import { FORWARDED_HEADERS } from "../../../core/contract/forwarded-headers.ts";
import { carriesBody, type DraftProblems, type RequestDraft } from "../../state/request-draft.ts";
import { queryRows, withQueryRows } from "../../state/requests/query-rows.ts";
import type { VariableRow } from "../../state/requests/variables.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { RowTable } from "./row-table.tsx";

export interface RequestPartsProps {
  readonly draft: RequestDraft;
  readonly problems: DraftProblems;
  readonly variables: readonly VariableRow[];
  /** In words, for whom the variables are kept. */
  readonly variableScope: string;
  onChange(draft: RequestDraft): void;
  onVariables(rows: readonly VariableRow[]): void;
}

/** Query, headers, body and variables of a request, one at a time. */
export function RequestParts(props: RequestPartsProps) {
  const { draft, problems, variables, onChange } = props;
  const query = queryRows(draft.path);
  const headers = draft.headers.filter((row) => row.enabled && row.name !== "").length;
  return (
    <Tabs defaultValue={carriesBody(draft.method) ? "body" : "query"} className="request-parts">
      <Tabs.List aria-label="Parts of the request">
        <Tabs.Tab value="query">Query{count(query.length)}</Tabs.Tab>
        <Tabs.Tab value="headers">
          Headers{count(headers)}
          {problems.headers && " ✕"}
        </Tabs.Tab>
        <Tabs.Tab value="body">
          Body{draft.body !== "" && " ●"}
          {problems.body && " ✕"}
        </Tabs.Tab>
        <Tabs.Tab value="variables">Variables{count(variables.length)}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="query">
        <RowTable
          what="query parameter"
          rows={query}
          onChange={(rows) => onChange({ ...draft, path: withQueryRows(draft.path, rows) })}
        />
      </Tabs.Panel>
      <Tabs.Panel value="headers">
        <RowTable
          what="header"
          rows={draft.headers}
          names={FORWARDED_HEADERS}
          canDisable
          onChange={(rows) =>
            onChange({
              ...draft,
              headers: rows.map((row) => ({ ...row, enabled: row.enabled ?? true })),
            })
          }
        />
        {problems.headers && (
          <p className="field-problem" role="alert">
            ✕ {problems.headers}
          </p>
        )}
        <p className="dim request-note">
          A handler sees {FORWARDED_HEADERS.join(", ")} and what the gateway adds; nothing else.
        </p>
      </Tabs.Panel>
      <Tabs.Panel value="body">
        <BodyField draft={draft} problem={problems.body} onChange={onChange} />
      </Tabs.Panel>
      <Tabs.Panel value="variables">
        <RowTable what="variable" rows={variables} onChange={props.onVariables} />
        <p className="dim request-note">
          {"{{name}}"} stands for a value in the path, the query, headers and the body. Kept in this browser
          for {props.variableScope}, never in a file.
        </p>
      </Tabs.Panel>
    </Tabs>
  );
}

interface BodyFieldProps {
  readonly draft: RequestDraft;
  readonly problem: string | undefined;
  onChange(draft: RequestDraft): void;
}

function BodyField({ draft, problem, onChange }: BodyFieldProps) {
  const [fault, setFault] = useState<string>();
  const isOff = !carriesBody(draft.method);
  const format = (): void => {
    try {
      onChange({ ...draft, body: JSON.stringify(JSON.parse(draft.body), null, 2) });
      setFault(undefined);
    } catch (error) {
      setFault(`Not JSON: ${error instanceof Error ? error.message : "it cannot be read"}`);
    }
  };
  return (
    <>
      <Field
        label="Body"
        note={isOff ? `${draft.method} sends none` : "sent as it stands"}
        problem={problem ?? fault}
      >
        {(ids) => (
          <textarea
            {...ids}
            className="mono"
            rows={10}
            value={draft.body}
            disabled={isOff}
            onChange={(event) => {
              setFault(undefined);
              onChange({ ...draft, body: event.target.value });
            }}
            spellCheck={false}
          />
        )}
      </Field>
      <p className="request-note">
        <Button onClick={format} disabled={isOff || draft.body.trim() === ""}>
          Format JSON
        </Button>
      </p>
    </>
  );
}

function count(number: number): string {
  return number === 0 ? "" : ` ${number}`;
}
