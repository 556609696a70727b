import { type FormEvent, useState } from "react";
import type { ReproductionDesk } from "../../state/requests/reproduction-desk.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { DropZone } from "../keys/drop-zone.tsx";

export interface ReproductionFormProps {
  readonly desk: ReproductionDesk;
  onClose(): void;
}

/** A recorded call from a file. It is filled in, never sent. */
export function ReproductionForm({ desk, onClose }: ReproductionFormProps) {
  const [path, setPath] = useState("");
  const open = (event: FormEvent): void => {
    event.preventDefault();
    if (path.trim() === "") return;
    void desk.openPath(path.trim(), "path");
    onClose();
  };
  return (
    <form className="request-aside" aria-label="Open a reproduction file" onSubmit={open}>
      <DropZone
        label="Drop a reproduction file here, or choose one"
        accept=".json,application/json"
        onFiles={([file]) => {
          if (file !== undefined) void desk.openFile(file);
          onClose();
        }}
      >
        It fills in the request and sends nothing.
      </DropZone>
      <Field label="Or its path" note="the whole path on the host's machine">
        {(ids) => (
          <input
            {...ids}
            className="mono"
            placeholder="/home/me/refused.reproduction.json"
            value={path}
            onChange={(event) => setPath(event.target.value)}
            spellCheck={false}
          />
        )}
      </Field>
      <div className="request-actions">
        <Button type="submit" disabled={path.trim() === ""}>
          Open
        </Button>
        <Button look="quiet" onClick={onClose}>
          Close
        </Button>
      </div>
    </form>
  );
}
