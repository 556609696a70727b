import { contextBridge, ipcRenderer } from "electron";
import type { HostAddress } from "../core/contract/host-address.ts";
import { HANDOVER_CHANNEL } from "./handover-channel.ts";

// Runs sandboxed, before the page. The page gets one function and no other way to the shell.
contextBridge.exposeInMainWorld("workbench", {
  host: (): Promise<HostAddress> => ipcRenderer.invoke(HANDOVER_CHANNEL),
});
