import { Button, Group, Radio, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useEffect, useState } from "react";
import { PROJECT_TEMPLATES } from "../../../core/contract/rpc/project.ts";
import type { DesktopShell } from "../../desktop-shell.ts";
import type { Template } from "../../state/project/project-api.ts";
import type { ProjectWorkspace } from "../../state/project/project-workspace.ts";
import { Command } from "../../ui/command.tsx";
import { FailureNotice } from "../../ui/notice.tsx";
import { PickFolder } from "./pick-folder.tsx";
import { commandLine } from "./project-command-line.ts";
import { useAction } from "./use-action.ts";

const WORDS: Record<Template, { readonly label: string; readonly description: string }> = {
  handler: { label: "Handler", description: "Endpoints that answer requests; no user interface." },
  ui: { label: "UI", description: "A page in a sandboxed frame; no handler of its own." },
  full: { label: "Full", description: "A page and the handler that it calls, with storage." },
};

export interface CreateFormProps {
  readonly workspace: ProjectWorkspace;
  readonly shell: DesktopShell | undefined;
  /** Folder in which the new one is proposed. */
  readonly parent: string | undefined;
  done(): void;
}

export function CreateForm({ workspace, shell, parent, done }: CreateFormProps) {
  const [name, setName] = useState("com.acme.hello");
  const [home, setHome] = useState(parent);
  const [typed, setTyped] = useState<string>();
  const [template, setTemplate] = useState<Template>("full");
  const action = useAction();
  useEffect(() => {
    if (parent !== undefined) return;
    const controller = new AbortController();
    // Only a proposal: without it the folder is typed.
    workspace.folders(undefined, controller.signal).then(
      ({ dir }) => setHome(dir),
      () => {},
    );
    return () => controller.abort();
  }, [workspace, parent]);

  const dir = typed ?? (home === undefined ? "" : `${home}/${name.split(".").at(-1) ?? name}`);
  const isReady = name.trim() !== "" && dir.trim() !== "";
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isReady) action.run(() => workspace.create({ dir: dir.trim(), name: name.trim(), template }), done);
  };
  return (
    <form className="project-form" onSubmit={submit}>
      <TextInput
        label="Name"
        description="A lowercase reverse domain; nobody else's extension has it."
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <TextInput
        label="Folder"
        description="A new or an empty one; nothing that exists is overwritten."
        value={dir}
        onChange={(event) => setTyped(event.currentTarget.value)}
        rightSectionWidth="auto"
        rightSection={
          <PickFolder shell={shell} title="Folder of the new project" action={action} onPick={setTyped} />
        }
      />
      <Radio.Group
        label="Template"
        value={template}
        onChange={(value) => setTemplate(PROJECT_TEMPLATES.find((known) => known === value) ?? template)}
      >
        <Stack gap="xs" mt="xs">
          {PROJECT_TEMPLATES.map((id) => (
            <Radio key={id} value={id} label={WORDS[id].label} description={WORDS[id].description} />
          ))}
        </Stack>
      </Radio.Group>
      <Command
        text={commandLine(["create", dir, "--name", name, "--template", template])}
        what="the command that creates the same project"
      />
      {action.failure && <FailureNotice failure={action.failure} />}
      <Group justify="flex-end">
        <Button type="submit" disabled={!isReady} loading={action.isRunning}>
          Create
        </Button>
      </Group>
    </form>
  );
}
