import { IconBookmark } from "@tabler/icons-react";
import { type FormEvent, useEffect, useMemo, useState } from "react";
import type { SavedView, SavedViewList } from "../../../core/contract/saved-view.ts";
import type { RpcClient } from "../../client.ts";
import { createSavedViews } from "../../state/records/saved-views.ts";
import { Button } from "../../ui/button.tsx";
import { FailureNotice } from "../../ui/notice.tsx";
import { useStore } from "../../ui/use-store.ts";
import "./saved-view-bar.css";

const MAX_NAME_CHARACTERS = 64;

export interface SavedViewBarProps {
  readonly client: RpcClient;
  readonly list: SavedViewList;
  /** What would be saved now. */
  readonly filter: SavedView["filter"];
  onApply(filter: SavedView["filter"]): void;
}

/** Named filters: choose one, save what is set, remove one. Every window of the home has them. */
export function SavedViewBar({ client, list, filter, onApply }: SavedViewBarProps) {
  const views = useMemo(() => createSavedViews(client, list), [client, list]);
  const { items, failure } = useStore(views);
  const [name, setName] = useState<string>();
  useEffect(() => void views.load(), [views]);
  const current = items.find((view) => sameFilter(view.filter, filter));

  const save = (event: FormEvent): void => {
    event.preventDefault();
    const trimmed = name?.trim() ?? "";
    if (trimmed === "") return;
    setName(undefined);
    void views.save({ name: trimmed, filter });
  };

  return (
    <div className="saved-views">
      <select
        aria-label={`Saved view of the ${list}`}
        value={current?.name ?? ""}
        disabled={items.length === 0}
        onChange={(event) => {
          const chosen = items.find((view) => view.name === event.target.value);
          onApply(chosen?.filter ?? {});
        }}
      >
        <option value="">{items.length === 0 ? "no saved views" : "saved views"}</option>
        {items.map((view) => (
          <option key={view.name}>{view.name}</option>
        ))}
      </select>
      {name !== undefined && (
        <form className="saved-view-name" onSubmit={save}>
          <input
            // biome-ignore lint/a11y/noAutofocus: it comes up because its button was pressed
            autoFocus
            aria-label="Name of the view"
            placeholder="name"
            maxLength={MAX_NAME_CHARACTERS}
            value={name}
            onChange={(event) => setName(event.target.value)}
            onKeyDown={(event) => event.key === "Escape" && setName(undefined)}
          />
          <Button type="submit" disabled={name.trim() === ""}>
            Save
          </Button>
        </form>
      )}
      {name === undefined && current === undefined && Object.keys(filter).length > 0 && (
        <Button look="quiet" onClick={() => setName("")}>
          <IconBookmark size={14} aria-hidden />
          Save view
        </Button>
      )}
      {current && (
        <Button look="quiet" onClick={() => void views.remove(current.name)}>
          Remove view
        </Button>
      )}
      {failure && <FailureNotice failure={failure} />}
    </div>
  );
}

function sameFilter(one: SavedView["filter"], other: SavedView["filter"]): boolean {
  const text = (filter: SavedView["filter"]) => JSON.stringify(Object.entries(filter).sort());
  return text(one) === text(other);
}
