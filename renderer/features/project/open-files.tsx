import { ActionIcon } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { isDirty } from "../../state/project/document.ts";
import type { ProjectWorkspace } from "../../state/project/project-workspace.ts";
import { useStore } from "../../ui/use-store.ts";
import { closeFile } from "./project-commands.ts";
import type { AskProject } from "./project-dialogs.tsx";

export interface OpenFilesProps {
  readonly workspace: ProjectWorkspace;
  readonly ask: AskProject;
}

/** The files that are open. A list of buttons and no tablist: a tab may hold no button to close it. */
export function OpenFiles({ workspace, ask }: OpenFilesProps) {
  const { open, active } = useStore(workspace.documents);
  const types = useStore(workspace.types);
  const { documents } = workspace;
  return (
    <header className="open-files">
      <ul aria-label="Open files">
        {open.map((document) => {
          const { path } = document;
          const dirty = isDirty(document);
          return (
            <li key={path} data-active={path === active || undefined}>
              <button
                type="button"
                title={path}
                aria-current={path === active ? "true" : undefined}
                onClick={() => documents.activate(path)}
                onAuxClick={(event) => {
                  if (event.button === 1) closeFile(workspace, path, ask);
                }}
              >
                {labelOf(
                  path,
                  open.map((one) => one.path),
                )}
                {document.outside && <span className="warn"> ! changed outside</span>}
                {dirty && (
                  <span className="dirty-dot" role="img" aria-label="not saved">
                    ●
                  </span>
                )}
              </button>
              <ActionIcon
                size="xs"
                aria-label={`Close ${path}`}
                onClick={() => closeFile(workspace, path, ask)}
              >
                <IconX size={13} aria-hidden />
              </ActionIcon>
            </li>
          );
        })}
      </ul>
      <span className="dim open-files-state" role="status" title={types.failure?.message}>
        {types.running && "checking types…"}
        {types.failure && `types not checked: ${types.failure.message}`}
      </span>
    </header>
  );
}

/** The file's name; with its folder when two open files have the same. */
function labelOf(path: string, paths: readonly string[]): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const isAlone = paths.filter((other) => other.slice(other.lastIndexOf("/") + 1) === name).length === 1;
  return isAlone ? name : path;
}
