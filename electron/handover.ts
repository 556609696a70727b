import type { IpcMain } from "electron";
import type { HostAddress } from "../core/contract/host-address.ts";
import type { OwnPageCheck } from "./own-page.ts";
import { HANDOVER_CHANNEL } from "./shell-channels.ts";

export type ShellIpc = Pick<IpcMain, "handle">;

/** Answers the page's question for the host's address and token. */
export function setupHandover(ipc: ShellIpc, ownPage: OwnPageCheck): void {
  ipc.handle(HANDOVER_CHANNEL, (event): HostAddress => {
    const { url, token } = ownPage(event);
    return { url, token };
  });
}
