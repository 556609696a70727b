import { Button, Group } from "@mantine/core";
import type { ProjectWorkspace } from "../../state/project/project-workspace.ts";
import { FailureNotice } from "../../ui/notice.tsx";
import { useStore } from "../../ui/use-store.ts";
import { useAction } from "./use-action.ts";

export interface UnsavedFormProps {
  readonly workspace: ProjectWorkspace;
  /** The file that is to be closed; without it the whole project. */
  readonly path: string | undefined;
  done(): void;
}

/** Stands between closing and what would be lost by it. */
export function UnsavedForm({ workspace, path, done }: UnsavedFormProps) {
  const { documents } = workspace;
  useStore(documents);
  const action = useAction();
  const dirty = documents.dirty().filter((document) => path === undefined || document.path === path);
  const blocked = dirty.find((document) => document.failure !== undefined || document.outside !== undefined);

  const save = async (): Promise<void> => {
    const isSaved = path === undefined ? await documents.saveAll() : await documents.save(path);
    if (!isSaved) return;
    if (path === undefined) await workspace.close(false);
    else documents.close(path);
    done();
  };
  const discard = async (): Promise<void> => {
    if (path === undefined) await workspace.close(true);
    else documents.close(path);
    done();
  };
  return (
    <div className="project-form">
      <p>Not saved yet:</p>
      <ul>
        {dirty.map((document) => (
          <li key={document.path}>
            <code>{document.path}</code>
          </li>
        ))}
      </ul>
      {blocked?.outside && (
        <p role="alert">
          <code>{blocked.path}</code> was changed outside and is not overwritten: go back to the file and
          compare.
        </p>
      )}
      {blocked?.failure && <FailureNotice failure={blocked.failure} />}
      {action.failure && <FailureNotice failure={action.failure} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={done}>
          Go back
        </Button>
        <Button variant="default" color="red" onClick={() => action.run(discard)}>
          Close without saving
        </Button>
        <Button loading={action.isRunning} onClick={() => action.run(save)} data-autofocus>
          {path === undefined ? "Save all and close" : "Save and close"}
        </Button>
      </Group>
    </div>
  );
}
