import { type FormEvent, useState } from "react";
import type { RequestDraft } from "../../state/request-draft.ts";
import type { Collections } from "../../state/requests/collections.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { useStore } from "../../ui/use-store.ts";

export interface SaveFormProps {
  readonly collections: Collections;
  readonly draft: RequestDraft;
  onClose(): void;
}

/** Saves the request as a file of the open project. */
export function SaveForm({ collections, draft, onClose }: SaveFormProps) {
  const { requests, failure } = useStore(collections);
  const known = [...new Set(requests.map(({ collection }) => collection))];
  const [collection, setCollection] = useState(known[0] ?? "examples");
  const [name, setName] = useState(`${draft.method} ${draft.path.split("?")[0]}`);
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (await collections.save(collection, name, draft)) onClose();
  };
  return (
    <form className="request-aside" aria-label="Save the request" onSubmit={(event) => void save(event)}>
      <Field label="Collection" note="a folder below requests/">
        {(ids) => (
          <input {...ids} value={collection} onChange={(event) => setCollection(event.target.value)} />
        )}
      </Field>
      <Field label="Name" problem={failure?.message}>
        {(ids) => <input {...ids} value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <div className="request-actions">
        <Button type="submit">Save</Button>
        <Button look="quiet" onClick={onClose}>
          Close
        </Button>
      </div>
    </form>
  );
}
