import { Modal } from "@mantine/core";
import type { DesktopShell } from "../../desktop-shell.ts";
import type { ProjectWorkspace } from "../../state/project/project-workspace.ts";
import { AdoptForm } from "./adopt-form.tsx";
import { CreateForm } from "./create-form.tsx";
import { MakeForm, RemoveForm, RenameForm } from "./file-forms.tsx";
import { OpenForm } from "./open-form.tsx";
import { UnsavedForm } from "./unsaved-form.tsx";

/** What the screen asks the user about. */
export type ProjectDialog =
  /** With a folder: a link asked for it, whose author is unknown. */
  | { readonly kind: "open"; readonly dir?: string }
  | { readonly kind: "create"; readonly parent?: string }
  | { readonly kind: "adopt"; readonly dir: string }
  | { readonly kind: "make"; readonly what: "file" | "folder"; readonly folder: string }
  | { readonly kind: "rename"; readonly path: string }
  | { readonly kind: "remove"; readonly path: string; readonly isFolder: boolean }
  /** Without a path: all files, because the project is to be closed. */
  | { readonly kind: "unsaved"; readonly path?: string };

export type AskProject = (dialog: ProjectDialog | undefined) => void;

export interface ProjectDialogsProps {
  readonly workspace: ProjectWorkspace;
  /** Has the platform's own dialog for folders; a browser has none for those of the host. */
  readonly shell: DesktopShell | undefined;
  readonly dialog: ProjectDialog | undefined;
  readonly ask: AskProject;
}

const TITLES: Record<ProjectDialog["kind"], string> = {
  open: "Open a project",
  create: "Create a project from a template",
  adopt: "This folder is no project yet",
  make: "New",
  rename: "Rename",
  remove: "Delete",
  unsaved: "There are unsaved changes",
};

export function ProjectDialogs({ workspace, shell, dialog, ask }: ProjectDialogsProps) {
  const close = (): void => ask(undefined);
  return (
    <Modal
      opened={dialog !== undefined}
      onClose={close}
      title={dialog && (dialog.kind === "make" ? `New ${dialog.what}` : TITLES[dialog.kind])}
      size="lg"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {dialog?.kind === "open" && (
        <OpenForm key={dialog.dir} workspace={workspace} shell={shell} linked={dialog.dir} ask={ask} />
      )}
      {dialog?.kind === "create" && (
        <CreateForm workspace={workspace} shell={shell} parent={dialog.parent} done={close} />
      )}
      {dialog?.kind === "adopt" && <AdoptForm workspace={workspace} dir={dialog.dir} ask={ask} />}
      {dialog?.kind === "make" && <MakeForm workspace={workspace} dialog={dialog} done={close} />}
      {dialog?.kind === "rename" && <RenameForm workspace={workspace} path={dialog.path} done={close} />}
      {dialog?.kind === "remove" && <RemoveForm workspace={workspace} dialog={dialog} done={close} />}
      {dialog?.kind === "unsaved" && <UnsavedForm workspace={workspace} path={dialog.path} done={close} />}
    </Modal>
  );
}
