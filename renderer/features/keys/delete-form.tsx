import { Checkbox } from "@mantine/core";
import { useEffect, useState } from "react";
import type { KeyDependents, SigningKey } from "../../../core/contract/rpc/keys.ts";
import { deleteCommand } from "../../state/keys/command-lines.ts";
import { createResource } from "../../state/resource.ts";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import { useStore } from "../../ui/use-store.ts";
import { Form } from "./form.tsx";
import { useKeys } from "./keys-context.ts";
import { useAction } from "./use-action.ts";

/** Deletes a key, after saying what depends on it. */
export function DeleteForm({ signingKey: { id } }: { readonly signingKey: SigningKey }) {
  const { client, state } = useKeys();
  const [dependents] = useState(() =>
    createResource((signal) => client.call("keys.dependents", { key_id: id }, signal)),
  );
  const { data, failure } = useStore(dependents);
  const [isSure, setSure] = useState(false);
  const [deleting, remove] = useAction((_: undefined, signal) =>
    client.call("keys.delete", { key_id: id }, signal),
  );
  useEffect(() => void dependents.reload(), [dependents]);
  if (failure) return <FailureNotice failure={failure} />;
  if (data === undefined) return <Notice title="Looking for what depends on this key…" />;
  const isHeld = data.issued.length > 0;
  const submit = async (): Promise<void> => {
    if ((await remove.run(undefined)) !== undefined) await state.refresh();
  };
  return (
    <Form
      label="Delete the key"
      submit="Delete key for good"
      state={deleting}
      command={deleteCommand(id)}
      isReady={isSure && !isHeld}
      isDangerous
      onSubmit={() => void submit()}
    >
      <Dependents dependents={data} />
      {!isHeld && (
        <Checkbox
          label={`I no longer need ${id}; without an export it cannot be brought back`}
          checked={isSure}
          onChange={({ currentTarget }) => setSure(currentTarget.checked)}
        />
      )}
    </Form>
  );
}

function Dependents({ dependents }: { readonly dependents: KeyDependents }) {
  const { signed, trust, issued, is_active, is_development } = dependents;
  const nothing = signed.length + trust.length + issued.length === 0 && !is_active && !is_development;
  if (nothing) return <p>Nothing here depends on this key.</p>;
  return (
    <ul className="dependents">
      {issued.length > 0 && (
        <li>
          <strong>Issued the certificates of {names(issued.map(({ id }) => id))}.</strong> Delete those keys
          first.
        </li>
      )}
      {is_active && (
        <li>It is the active signing key. The development key takes its place, if there is one.</li>
      )}
      {is_development && <li>It is the development key. The host makes a new one when it starts again.</li>}
      {signed.length > 0 && (
        <li>
          Signed{" "}
          {names(
            signed.map(
              ({ name, version, installs }) =>
                `${name} ${version}${installs === 0 ? "" : ` (${installs} ${installs === 1 ? "install" : "installs"})`}`,
            ),
          )}
          . What it signed stays valid; nothing new can be signed with it.
        </li>
      )}
      {trust.length > 0 && (
        <li>
          {trust.length === 1 ? "One trust entry holds" : `${trust.length} trust entries hold`} its
          certificate and stays. Remove it under Trust to stop accepting what the key signed.
        </li>
      )}
    </ul>
  );
}

const MAX_NAMED = 12;

function names(all: readonly string[]): string {
  const rest = all.length - MAX_NAMED;
  return `${all.slice(0, MAX_NAMED).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
