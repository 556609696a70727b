import { contextBridge, ipcRenderer } from "electron";
import type { DeepLink } from "../core/contract/deep-link.ts";
import type { HostAddress } from "../core/contract/host-address.ts";
import { HANDOVER_CHANNEL, NEXT_LINK_CHANNEL, PICK_FOLDER_CHANNEL } from "./shell-channels.ts";

// Runs sandboxed, before the page. The page gets these functions and no other way to the shell.
contextBridge.exposeInMainWorld("workbench", {
  host: (): Promise<HostAddress> => ipcRenderer.invoke(HANDOVER_CHANNEL),
  pickFolder: (title: string): Promise<string | null> => ipcRenderer.invoke(PICK_FOLDER_CHANNEL, { title }),
  nextLink: (): Promise<DeepLink> => ipcRenderer.invoke(NEXT_LINK_CHANNEL),
});
