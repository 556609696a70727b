import type { IpcMainInvokeEvent } from "electron";
import type { HostAddress } from "../core/contract/host-address.ts";
import { isSameOrigin } from "./origin.ts";

/** Refuses every sender that is not the top frame of a page which the host itself served. Answers that host. */
export type OwnPageCheck = (event: IpcMainInvokeEvent) => HostAddress;

/** @param address of the running host; `undefined` until it is up, when nobody may ask anything */
export function createOwnPageCheck(address: () => HostAddress | undefined): OwnPageCheck {
  return (event) => {
    const host = address();
    const frame = event.senderFrame;
    if (host === undefined || frame === null || frame.parent !== null || !isSameOrigin(frame.url, host.url))
      throw new Error("The sender may not ask the shell.");
    return host;
  };
}
