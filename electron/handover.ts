import type { IpcMain, IpcMainInvokeEvent } from "electron";
import type { HostAddress } from "../core/contract/host-address.ts";
import { HANDOVER_CHANNEL } from "./handover-channel.ts";
import { isSameOrigin } from "./origin.ts";

export type HandoverIpc = Pick<IpcMain, "handle">;

/**
 * Answers the page's question for the host's address and token. Only the top frame of a page that the host itself
 * served is answered: a frame, or a page that got there some other way, learns nothing.
 */
export function setupHandover(ipc: HandoverIpc, address: () => HostAddress | undefined): void {
  ipc.handle(HANDOVER_CHANNEL, (event): HostAddress => {
    const host = address();
    if (host === undefined || !isOwnTopFrame(event, host))
      throw new Error("The sender may not ask for the host.");
    return { url: host.url, token: host.token };
  });
}

function isOwnTopFrame(event: IpcMainInvokeEvent, host: HostAddress): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame.parent === null && isSameOrigin(frame.url, host.url);
}
