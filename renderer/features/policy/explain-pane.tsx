import { useEffect, useMemo, useState } from "react";
import type { InstalledExtension } from "../../../core/contract/install.ts";
import {
  ANONYMOUS,
  callOf,
  draftProblems,
  type ExplainDraft,
  type ExplainedCall,
  explainCommand,
  keepDraft,
  readDraft,
} from "../../state/policy/explain-draft.ts";
import { createResource } from "../../state/resource.ts";
import { Command } from "../../ui/command.tsx";
import { Field } from "../../ui/field.tsx";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";
import { FirstExtension } from "../extensions/first-extension.tsx";
import { ExplainedLadder } from "./explained-ladder.tsx";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

/** One call, explained as it is typed: asking costs nothing. */
export function ExplainPane({ context }: { readonly context: WindowContext }) {
  const { state, session, navigation } = context;
  const installs = useStore(state.extensions);
  const selected = useStore(state.selected);
  const [draft, setDraft] = useState(() => readDraft(session));
  const change = (part: Partial<ExplainDraft>): void => {
    const next = { ...draft, ...part };
    keepDraft(session, next);
    setDraft(next);
  };
  if (installs.data === undefined) {
    return installs.failure ? (
      <FailureNotice failure={installs.failure} />
    ) : (
      <Notice title="Reading the installs…" />
    );
  }
  const wanted = draft.installId ?? selected;
  const install = installs.data.find(({ install_id }) => install_id === wanted) ?? installs.data[0];
  if (install === undefined) {
    return (
      <Notice title="Nothing is installed, so there is no call to decide.">
        <FirstExtension navigation={navigation} />
      </Notice>
    );
  }
  const call = callOf(draft, install);
  return (
    <div className="explain">
      <ExplainForm
        context={context}
        install={install}
        installs={installs.data}
        draft={call}
        onChange={change}
      />
      <Explained context={context} install={install} draft={call} />
    </div>
  );
}

interface ExplainFormProps {
  readonly context: WindowContext;
  readonly install: InstalledExtension;
  readonly installs: readonly InstalledExtension[];
  readonly draft: ExplainedCall;
  onChange(part: Partial<ExplainDraft>): void;
}

function ExplainForm({ context, install, installs, draft, onChange }: ExplainFormProps) {
  const host = useStore(context.state.host).data;
  const personas = host?.personas.filter(({ tenant_id }) => tenant_id === install.tenant_id) ?? [];
  const problems = draftProblems(draft);
  const endpoints = install.manifest.api?.endpoints ?? [];
  return (
    <form className="explain-form" onSubmit={(event) => event.preventDefault()}>
      <Field label="Extension">
        {(ids) => (
          <select
            {...ids}
            value={install.install_id}
            onChange={(event) => onChange({ installId: event.target.value, persona: undefined })}
          >
            {installs.map(({ install_id, extension_name, version }) => (
              <option key={install_id} value={install_id}>
                {extension_name} {version}
              </option>
            ))}
          </select>
        )}
      </Field>
      <div className="explain-line">
        <Field label="Method">
          {(ids) => (
            <select
              {...ids}
              value={draft.method}
              onChange={(event) => onChange({ method: event.target.value })}
            >
              {METHODS.map((method) => (
                <option key={method}>{method}</option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Path" problem={problems.path}>
          {(ids) => (
            <>
              <input
                {...ids}
                value={draft.path}
                list="explain-paths"
                spellCheck={false}
                onChange={(event) => onChange({ path: event.target.value })}
              />
              <datalist id="explain-paths">
                {endpoints.map(({ method, path }) => (
                  <option key={`${method} ${path}`} value={path} label={`${method} ${path}`} />
                ))}
              </datalist>
            </>
          )}
        </Field>
      </div>
      <Field label="Who calls">
        {(ids) => (
          <select
            {...ids}
            value={draft.persona ?? personas[0]?.id ?? ""}
            onChange={(event) => onChange({ persona: event.target.value })}
          >
            {personas.map(({ id, name, user_type }) => (
              <option key={id} value={id}>
                {name} ({user_type === "client" ? "client portal" : "internal"})
              </option>
            ))}
            <option value={ANONYMOUS}>nobody: no credentials</option>
          </select>
        )}
      </Field>
      <Field label="Body" note="bytes" problem={problems.bodyBytes}>
        {(ids) => (
          <input
            {...ids}
            value={draft.bodyBytes}
            inputMode="numeric"
            onChange={(event) => onChange({ bodyBytes: event.target.value })}
          />
        )}
      </Field>
      <Command
        text={explainCommand(draft, install.extension_name, install.tenant_id)}
        what="the command that explains the same call"
      />
    </form>
  );
}

function Explained({
  context,
  install,
  draft,
}: {
  readonly context: WindowContext;
  readonly install: InstalledExtension;
  readonly draft: ExplainedCall;
}) {
  const { client, navigation } = context;
  const { method, path, persona, bodyBytes } = draft;
  const { install_id, tenant_id } = install;
  const isAskable = Object.keys(draftProblems(draft)).length === 0;
  const resource = useMemo(
    () =>
      createResource((signal) =>
        client.call(
          "policy.explain",
          {
            tenant_id,
            ref: install_id,
            method,
            path,
            headers: [],
            body_bytes: Number(bodyBytes),
            ...(persona === undefined ? {} : { persona_id: persona === ANONYMOUS ? null : persona }),
          },
          signal,
        ),
      ),
    [client, tenant_id, install_id, method, path, bodyBytes, persona],
  );
  useEffect(() => {
    if (isAskable) void resource.reload();
  }, [resource, isAskable]);
  const { data, failure } = useStore(resource);
  if (failure) return <FailureNotice failure={failure} />;
  if (!isAskable) return <Notice title="Complete the call on the left to see what is decided." />;
  if (data === undefined) return <Notice title="Asking…" />;
  return (
    <section aria-label="Explanation">
      <p className="explain-verdict" role="status" data-allowed={data.allowed}>
        {data.allowed
          ? "✓ Nothing refuses this call before it runs"
          : `✕ ${data.refused_by?.replaceAll("_", " ")} refuses: ${data.status} ${data.code}`}
      </p>
      <ExplainedLadder explanation={data} navigation={navigation} />
    </section>
  );
}
