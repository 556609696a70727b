import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import { IconDots, IconFilePlus, IconFolderPlus, IconRefresh } from "@tabler/icons-react";
import type { ProjectSummary } from "../../../core/contract/rpc/project.ts";
import type { ProjectWorkspace } from "../../state/project/project-workspace.ts";
import { Panel, Split, SplitHandle } from "../../ui/split.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";
import { DocumentView } from "./document-view.tsx";
import { FileTreeView } from "./file-tree-view.tsx";
import { OpenFiles } from "./open-files.tsx";
import { closeProject } from "./project-commands.ts";
import type { AskProject } from "./project-dialogs.tsx";

export interface ProjectFilesProps {
  readonly context: WindowContext;
  readonly workspace: ProjectWorkspace;
  readonly project: ProjectSummary;
  readonly ask: AskProject;
}

/** The open project: its tree, its open files, the one that is looked at. */
export function ProjectFiles({ context, workspace, project, ask }: ProjectFilesProps) {
  const { open, active } = useStore(workspace.documents);
  const document = open.find((one) => one.path === active);
  return (
    <Split id="project" storage={context.preferences}>
      <Panel id="files" defaultSize="22%" minSize={160}>
        <section className="project-pane" aria-label="Files">
          <header className="pane-head">
            <h2 title={project.dir}>{project.name}</h2>
            <div className="pane-actions">
              <ToolButton
                label="New file"
                onClick={() => ask({ kind: "make", what: "file", folder: folderOf(active) })}
              >
                <IconFilePlus size={16} aria-hidden />
              </ToolButton>
              <ToolButton
                label="New folder"
                onClick={() => ask({ kind: "make", what: "folder", folder: folderOf(active) })}
              >
                <IconFolderPlus size={16} aria-hidden />
              </ToolButton>
              <ToolButton label="Look at the disk again" onClick={() => void workspace.tree.reload()}>
                <IconRefresh size={16} aria-hidden />
              </ToolButton>
              <Menu position="bottom-end">
                <Menu.Target>
                  <ActionIcon aria-label="More about the project">
                    <IconDots size={16} aria-hidden />
                  </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item onClick={() => ask({ kind: "open" })}>Open another project…</Menu.Item>
                  <Menu.Item onClick={() => ask({ kind: "create" })}>Create from a template…</Menu.Item>
                  <Menu.Item onClick={() => workspace.types.ask()}>Check the types</Menu.Item>
                  <Menu.Divider />
                  <Menu.Item onClick={() => closeProject(workspace, ask)}>Close the project</Menu.Item>
                </Menu.Dropdown>
              </Menu>
            </div>
          </header>
          <FileTreeView workspace={workspace} ask={ask} />
        </section>
      </Panel>
      <SplitHandle label="Width of the file tree" />
      <Panel id="editor" minSize={240}>
        <section className="project-pane" aria-label="Editor">
          <OpenFiles workspace={workspace} ask={ask} />
          <DocumentView workspace={workspace} document={document} />
        </section>
      </Panel>
    </Split>
  );
}

interface ToolButtonProps {
  readonly label: string;
  readonly children: React.ReactNode;
  onClick(): void;
}

function ToolButton({ label, onClick, children }: ToolButtonProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

function folderOf(path: string | undefined): string {
  return path?.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
}
