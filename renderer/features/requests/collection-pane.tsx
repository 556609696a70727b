import { IconRefresh, IconTrash } from "@tabler/icons-react";
import { useEffect } from "react";
import { SCREENS } from "../../screens.ts";
import type { SavedRequest } from "../../state/requests/collection-file.ts";
import type { RequestConsole } from "../../state/requests/request-console.ts";
import { Button } from "../../ui/button.tsx";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import { ScrollRegion } from "../../ui/scroll-region.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";

export interface CollectionPaneProps {
  readonly console: RequestConsole;
  readonly context: WindowContext;
}

/** Requests that are saved in the open project. */
export function CollectionPane({ console, context }: CollectionPaneProps) {
  const project = useStore(context.project);
  const { requests, unreadable, failure } = useStore(console.collections);
  const selected = useStore(context.state.selected);
  const { load } = console.collections;
  const dir = project?.dir;
  useEffect(() => {
    if (dir !== undefined) void load();
  }, [dir, load]);

  if (project === undefined) {
    return (
      <Notice title="Collections are files of a project, and none is open.">
        {SCREENS.has("project") && (
          <Button onClick={() => context.navigation.go("project")}>Open a project</Button>
        )}
      </Notice>
    );
  }
  const open = (request: SavedRequest): void => {
    if (selected !== undefined) console.reopen({ install_id: selected, draft: request.draft });
  };
  const names = [...new Set(requests.map(({ collection }) => collection))].sort();
  return (
    <section className="side-list" aria-label="Collections">
      <div className="side-list-head">
        <span className="dim">{project.name}/requests</span>
        <Button look="quiet" onClick={() => void load()}>
          <IconRefresh size={14} aria-hidden />
          Read again
        </Button>
      </div>
      {failure && <FailureNotice failure={failure} />}
      {!failure && requests.length === 0 && (
        <Notice title="No request is saved in this project: write one and choose “Save to the project”." />
      )}
      {unreadable.map((path) => (
        <p className="side-list-note" key={path}>
          ! <code>{path}</code> is no saved request.
        </p>
      ))}
      <ScrollRegion className="side-list-body" aria-label="Saved requests">
        {names.map((name) => (
          <section key={name} aria-label={name}>
            <h3 className="side-list-title">{name}</h3>
            <ul>
              {requests
                .filter(({ collection }) => collection === name)
                .map((request) => (
                  <li key={request.file} className="side-row">
                    <button type="button" className="side-item" onClick={() => open(request)}>
                      <span className="side-item-line">{request.name}</span>
                      <span className="side-item-facts mono">
                        {request.draft.method} {request.draft.path}
                      </span>
                    </button>
                    <Button
                      look="quiet"
                      title={`Delete ${request.file}`}
                      onClick={() => void console.collections.remove(request)}
                    >
                      <IconTrash size={14} aria-hidden />
                      <span className="visually-hidden">Delete {request.name}</span>
                    </Button>
                  </li>
                ))}
            </ul>
          </section>
        ))}
      </ScrollRegion>
    </section>
  );
}
