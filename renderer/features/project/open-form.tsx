import { Button, Group, TextInput } from "@mantine/core";
import { IconArrowUp, IconFolder, IconPackage } from "@tabler/icons-react";
import { type FormEvent, useEffect, useState } from "react";
import type { FolderList } from "../../../core/contract/rpc/project.ts";
import type { DesktopShell } from "../../desktop-shell.ts";
import { type ClientFailure, failureOf } from "../../state/failure.ts";
import type { ProjectWorkspace } from "../../state/project/project-workspace.ts";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import { PickFolder } from "./pick-folder.tsx";
import type { AskProject } from "./project-dialogs.tsx";
import { useAction } from "./use-action.ts";

export interface OpenFormProps {
  readonly workspace: ProjectWorkspace;
  readonly shell: DesktopShell | undefined;
  /** Folder that a link asked for. */
  readonly linked: string | undefined;
  readonly ask: AskProject;
}

/** A folder, typed or found below the home: a browser has no dialog of the system for folders of the host. */
export function OpenForm({ workspace, shell, linked, ask }: OpenFormProps) {
  const [dir, setDir] = useState(linked ?? "");
  const action = useAction();
  const open = (folder: string): void =>
    action.run(
      () => workspace.open(folder),
      () => ask(undefined),
    );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (dir.trim() !== "") open(dir.trim());
  };
  const isNoProject = action.failure?.code === "manifest_missing";
  return (
    <form className="project-form" onSubmit={submit}>
      {linked !== undefined && (
        <Notice tone="warn" title="! A link asked for this folder.">
          <p>Open it only if you know it: a project brings its own build, which runs on this machine.</p>
        </Notice>
      )}
      <TextInput
        label="Folder"
        description="The whole path on the host's machine, or one that begins with ~/."
        placeholder="~/hello"
        value={dir}
        onChange={(event) => setDir(event.currentTarget.value)}
        rightSectionWidth="auto"
        rightSection={<PickFolder shell={shell} title="Open a project" action={action} onPick={setDir} />}
        data-autofocus
      />
      <FolderBrowser workspace={workspace} onChoose={setDir} onOpen={open} />
      {action.failure && (
        <FailureNotice failure={action.failure}>
          {isNoProject && (
            <Group gap="xs">
              <Button variant="default" onClick={() => ask({ kind: "adopt", dir: dir.trim() })}>
                Write a manifest here…
              </Button>
              <Button variant="default" onClick={() => ask({ kind: "create", parent: dir.trim() })}>
                Create from a template…
              </Button>
            </Group>
          )}
        </FailureNotice>
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={() => ask({ kind: "create" })}>
          Create a new one…
        </Button>
        <Button type="submit" disabled={dir.trim() === ""} loading={action.isRunning}>
          Open
        </Button>
      </Group>
    </form>
  );
}

interface FolderBrowserProps {
  readonly workspace: ProjectWorkspace;
  onChoose(dir: string): void;
  onOpen(dir: string): void;
}

function FolderBrowser({ workspace, onChoose, onOpen }: FolderBrowserProps) {
  const [dir, setDir] = useState<string>();
  const [list, setList] = useState<FolderList>();
  const [failure, setFailure] = useState<ClientFailure>();
  useEffect(() => {
    const controller = new AbortController();
    workspace.folders(dir, controller.signal).then(
      (found) => {
        setList(found);
        setFailure(undefined);
      },
      (error: unknown) => {
        if (!controller.signal.aborted) setFailure(failureOf(error));
      },
    );
    return () => controller.abort();
  }, [workspace, dir]);

  const enter = (folder: string): void => {
    setDir(folder);
    onChoose(folder);
  };
  return (
    <section className="folder-browser" aria-label="Folders">
      <header>
        <span className="mono">{list?.dir ?? "…"}</span>
        {list?.parent !== undefined && (
          <Button
            variant="subtle"
            leftSection={<IconArrowUp size={14} aria-hidden />}
            onClick={() => enter(list.parent ?? list.dir)}
          >
            Up
          </Button>
        )}
      </header>
      {failure && <FailureNotice failure={failure} />}
      <ul>
        {list?.folders.map((folder) => (
          <li key={folder.dir}>
            <button type="button" onClick={() => enter(folder.dir)}>
              {folder.is_project ? (
                <IconPackage size={16} aria-hidden />
              ) : (
                <IconFolder size={16} aria-hidden />
              )}
              {folder.name}
              {folder.is_project && <span className="dim">project</span>}
            </button>
            {folder.is_project && (
              <Button variant="subtle" onClick={() => onOpen(folder.dir)} aria-label={`Open ${folder.name}`}>
                Open
              </Button>
            )}
          </li>
        ))}
      </ul>
      {list?.folders.length === 0 && <p className="dim">There are no folders in here.</p>}
      {list?.truncated && <p className="dim">There are more folders than are listed: type the path.</p>}
    </section>
  );
}
