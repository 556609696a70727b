import { Button, Group, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { ProjectWorkspace } from "../../state/project/project-workspace.ts";
import { FailureNotice } from "../../ui/notice.tsx";
import type { ProjectDialog } from "./project-dialogs.tsx";
import { useAction } from "./use-action.ts";

interface PathFormProps {
  readonly initial: string;
  readonly action: string;
  submit(path: string): Promise<unknown>;
  done(): void;
}

function PathForm({ initial, action: word, submit, done }: PathFormProps) {
  const [path, setPath] = useState(initial);
  const action = useAction();
  const send = (event: FormEvent): void => {
    event.preventDefault();
    action.run(() => submit(path.trim()), done);
  };
  return (
    <form className="project-form" onSubmit={send}>
      <TextInput
        label="Path"
        description="Below the project, with slashes."
        value={path}
        onChange={(event) => setPath(event.currentTarget.value)}
        data-autofocus
      />
      {action.failure && <FailureNotice failure={action.failure} />}
      <Group justify="flex-end">
        <Button type="submit" disabled={path.trim() === "" || path === initial} loading={action.isRunning}>
          {word}
        </Button>
      </Group>
    </form>
  );
}

interface MakeFormProps {
  readonly workspace: ProjectWorkspace;
  readonly dialog: Extract<ProjectDialog, { kind: "make" }>;
  done(): void;
}

export function MakeForm({ workspace, dialog: { folder, what }, done }: MakeFormProps) {
  return (
    <PathForm
      initial={folder === "" ? "" : `${folder}/`}
      action="Create"
      submit={(path) => workspace.make(path, what)}
      done={done}
    />
  );
}

interface RenameFormProps {
  readonly workspace: ProjectWorkspace;
  readonly path: string;
  done(): void;
}

export function RenameForm({ workspace, path, done }: RenameFormProps) {
  return <PathForm initial={path} action="Rename" submit={(to) => workspace.rename(path, to)} done={done} />;
}

interface RemoveFormProps {
  readonly workspace: ProjectWorkspace;
  readonly dialog: Extract<ProjectDialog, { kind: "remove" }>;
  done(): void;
}

export function RemoveForm({ workspace, dialog: { path, isFolder }, done }: RemoveFormProps) {
  const action = useAction();
  return (
    <div className="project-form">
      <p>
        <code>{path}</code> {isFolder && "and everything in it "}is deleted from the disk. There is no way
        back but your version control.
      </p>
      {action.failure && <FailureNotice failure={action.failure} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={done} data-autofocus>
          Cancel
        </Button>
        <Button
          color="red"
          loading={action.isRunning}
          onClick={() => action.run(() => workspace.remove(path), done)}
        >
          Delete
        </Button>
      </Group>
    </div>
  );
}
