import { Button } from "@mantine/core";
import type { DesktopShell } from "../../desktop-shell.ts";
import type { Action } from "./use-action.ts";

export interface PickFolderProps {
  readonly shell: DesktopShell | undefined;
  /** Of the platform's dialog. */
  readonly title: string;
  /** Says what went wrong, beside the form's own failures. */
  readonly action: Action;
  onPick(dir: string): void;
}

/** The platform's own dialog for folders, where the desktop app is around the page. */
export function PickFolder({ shell, title, action, onPick }: PickFolderProps) {
  if (shell === undefined) return null;
  const pick = async (): Promise<void> => {
    const dir = await shell.pickFolder(title);
    if (dir !== undefined) onPick(dir);
  };
  return (
    <Button variant="subtle" disabled={action.isRunning} onClick={() => action.run(pick)}>
      Browse…
    </Button>
  );
}
