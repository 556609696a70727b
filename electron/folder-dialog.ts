import type { Dialog, OpenDialogOptions } from "electron";
import { z } from "zod";
import type { ShellIpc } from "./handover.ts";
import type { OwnPageCheck } from "./own-page.ts";
import { PICK_FOLDER_CHANNEL } from "./shell-channels.ts";

export type FolderDialog = Pick<Dialog, "showOpenDialog">;

const MAX_TITLE_CHARACTERS = 120;

/** What a page may say about the dialog; the rest is the shell's. */
const requestSchema = z.strictObject({ title: z.string().min(1).max(MAX_TITLE_CHARACTERS) });

/** Lets the page ask for a folder by the platform's own dialog. It learns the path that the user chose, and no other. */
export function setupFolderDialog(ipc: ShellIpc, ownPage: OwnPageCheck, dialog: FolderDialog): void {
  ipc.handle(PICK_FOLDER_CHANNEL, async (event, request: unknown): Promise<string | null> => {
    ownPage(event);
    const { title } = requestSchema.parse(request);
    const options: OpenDialogOptions = { title, properties: ["openDirectory", "createDirectory"] };
    const { canceled, filePaths } = await dialog.showOpenDialog(options);
    return canceled ? null : (filePaths[0] ?? null);
  });
}
