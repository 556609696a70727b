import { ActionIcon, Button, Group } from "@mantine/core";
import { IconFolderOpen, IconPlus, IconX } from "@tabler/icons-react";
import type { RecentProject } from "../../../core/contract/rpc/project.ts";
import type { ProjectWorkspace } from "../../state/project/project-workspace.ts";
import { Command } from "../../ui/command.tsx";
import { FailureNotice } from "../../ui/notice.tsx";
import type { AskProject } from "./project-dialogs.tsx";
import { useAction } from "./use-action.ts";

export interface StartViewProps {
  readonly workspace: ProjectWorkspace;
  readonly recent: readonly RecentProject[];
  readonly ask: AskProject;
}

/** While no project is open: the ways to one. */
export function StartView({ workspace, recent, ask }: StartViewProps) {
  const action = useAction();
  return (
    <section className="project-start" aria-labelledby="project-start">
      <h2 id="project-start">No project is open</h2>
      <p className="dim">
        A project is a folder with a manifest.json. Create one, or open one that you have.
      </p>
      <Group gap="xs">
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => ask({ kind: "create" })}>
          Create from a template…
        </Button>
        <Button
          variant="default"
          leftSection={<IconFolderOpen size={16} aria-hidden />}
          onClick={() => ask({ kind: "open" })}
        >
          Open a folder…
        </Button>
      </Group>
      <Command
        text="workbench create ~/hello --name com.acme.hello --template full"
        what="the command that creates a project"
      />
      {action.failure && <FailureNotice failure={action.failure} />}
      {recent.length > 0 && (
        <>
          <h3>Recent projects</h3>
          <ul className="recent-projects" aria-label="Recent projects">
            {recent.map((project) => (
              <li key={project.dir}>
                <button
                  type="button"
                  disabled={!project.exists || action.isRunning}
                  onClick={() => action.run(() => workspace.open(project.dir))}
                >
                  <strong>{project.name}</strong>
                  <span className="mono dim">{project.dir}</span>
                  {!project.exists && <span className="warn">! the folder has gone</span>}
                </button>
                <ActionIcon
                  aria-label={`Forget ${project.name}`}
                  onClick={() => action.run(() => workspace.forget(project.dir))}
                >
                  <IconX size={14} aria-hidden />
                </ActionIcon>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
