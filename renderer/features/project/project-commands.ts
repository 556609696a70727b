import type { Command, Commands } from "../../state/commands.ts";
import { isDirty } from "../../state/project/document.ts";
import type { ProjectWorkspace } from "../../state/project/project-workspace.ts";
import type { AskProject } from "./project-dialogs.tsx";

/** Puts the screen's actions into the palette and under their shortcuts; the answer takes them back. */
export function registerProjectCommands(
  commands: Commands,
  workspace: ProjectWorkspace,
  ask: AskProject,
): () => void {
  const { documents, project } = workspace;
  const isOpen = (): boolean => project.get().data?.project !== undefined;
  const hasActive = (): boolean => documents.get().active !== undefined;
  const dir = project.get().data?.project?.dir;
  const group = "Project";
  const list: readonly Command[] = [
    {
      id: "project.open",
      title: "Open a project…",
      group,
      shortcut: "mod+O",
      run: () => ask({ kind: "open" }),
    },
    {
      id: "project.create",
      title: "Create a project from a template…",
      group,
      commandLine: "workbench create DIR --name com.acme.hello --template full",
      run: () => ask({ kind: "create" }),
    },
    {
      id: "project.save",
      title: "Save the file",
      group,
      shortcut: "mod+S",
      isEnabled: hasActive,
      run() {
        const { active } = documents.get();
        if (active !== undefined) void documents.save(active);
      },
    },
    {
      id: "project.save_all",
      title: "Save all files",
      group,
      shortcut: "mod+shift+S",
      isEnabled: isOpen,
      run: () => void documents.saveAll(),
    },
    {
      id: "project.close_file",
      title: "Close the file",
      group,
      shortcut: "alt+W",
      isEnabled: hasActive,
      run() {
        const { active } = documents.get();
        if (active !== undefined) closeFile(workspace, active, ask);
      },
    },
    {
      id: "project.new_file",
      title: "New file…",
      group,
      isEnabled: isOpen,
      run: () => ask({ kind: "make", what: "file", folder: "" }),
    },
    {
      id: "project.check_types",
      title: "Check the types",
      group,
      ...(dir === undefined ? {} : { commandLine: `workbench build ${dir}` }),
      isEnabled: isOpen,
      run: () => workspace.types.ask(),
    },
    {
      id: "project.close",
      title: "Close the project",
      group,
      isEnabled: isOpen,
      run: () => closeProject(workspace, ask),
    },
  ];
  return commands.register(list);
}

/** Closes a tab, and asks first when that would lose something. */
export function closeFile(workspace: ProjectWorkspace, path: string, ask: AskProject): void {
  const document = workspace.documents.find(path);
  if (document && isDirty(document)) ask({ kind: "unsaved", path });
  else workspace.documents.close(path);
}

export function closeProject(workspace: ProjectWorkspace, ask: AskProject): void {
  if (workspace.documents.dirty().length > 0) ask({ kind: "unsaved" });
  else void workspace.close(false);
}
