import { Button, Group, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { ProjectWorkspace } from "../../state/project/project-workspace.ts";
import { FailureNotice } from "../../ui/notice.tsx";
import type { AskProject } from "./project-dialogs.tsx";
import { useAction } from "./use-action.ts";

export interface AdoptFormProps {
  readonly workspace: ProjectWorkspace;
  readonly dir: string;
  readonly ask: AskProject;
}

/** Makes a folder a project by writing its first manifest. */
export function AdoptForm({ workspace, dir, ask }: AdoptFormProps) {
  const [name, setName] = useState("com.acme.hello");
  const action = useAction();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    action.run(
      () => workspace.adopt({ dir, name: name.trim() }),
      () => ask(undefined),
    );
  };
  return (
    <form className="project-form" onSubmit={submit}>
      <p>
        <code>{dir}</code> has no manifest.json. A first one is written with the name below; nothing else in
        the folder is touched.
      </p>
      <TextInput
        label="Name"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      {action.failure && <FailureNotice failure={action.failure} />}
      <Group justify="flex-end">
        <Button type="submit" disabled={name.trim() === ""} loading={action.isRunning}>
          Write manifest.json
        </Button>
      </Group>
    </form>
  );
}
